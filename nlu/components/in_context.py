"""Context: a message is read anew in the light of the topics before it and of its own clauses."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.clauses import LONG_WORDS
from nlu.components.entity_lists import EntityLists
from nlu.components.follow_ups import FollowUps, Look
from nlu.components.normaliser import normalised
from nlu.components.relatedness import related, signs
from nlu.components.topics import EMERGENCIES, OUT_OF_SCOPE
from nlu.components.unfold import CLAUSE, JOINED, groups, told

Ranking = dict[str, float]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class InContext(GraphComponent):
    """Changes `intent_ranking` where the message is a follow-up or a story."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Numbers and how they were chosen: docs/decisions/0008-follow-ups.md.

        `bare`: confidence of the topic that a bare follow-up asks about; `whole`: one that says two things and points back to
        nothing is left alone from this confidence on; `signs`: what each sign counts for that a message with a subject of its
        own goes on with the last topic, log-odds; `related`: it is read with that topic's title from this probability on; `clause`:
        weight of a story's questions beside the whole; `calm`: emergencies above this are never weighed anew.
        """
        return {
            "bare": 0.9,
            "whole": 0.7,
            "related": 0.7,
            "signs": {
                "out": 0.14,
                "best": -0.13,
                "last": 0.50,
                "near": 0.19,
                "stays": -1.16,
                "joins": 1.53,
                "of_it": 2.93,
                "is_case": 1.81,
                "words": -0.29,
                "bias": 4.26,
            },
            "clause": 1.0,
            "calm": 0.25,
        }

    def __init__(self, config: dict[str, Any], follow_ups: FollowUps, lists: EntityLists) -> None:
        """Keep the config and the tables."""
        self._config, self.follow_ups, self._lists = config, follow_ups, lists

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "InContext":
        """A component; it learns nothing."""
        return cls({**cls.get_default_config(), **config}, FollowUps.read(), EntityLists.read())

    def process(self, messages: list[Message]) -> list[Message]:
        """Weigh each message anew."""
        for message, helpers in groups(messages):
            clauses = [helper for helper in helpers if helper.get("role") == CLAUSE]
            self._chain(clauses)
            ranking = ranking_of(message)
            urgent = sum(ranking.get(name, 0.0) for name in EMERGENCIES)
            if told(message).get("danger") or urgent > self._config["calm"]:
                continue
            topics = self.follow_ups.known(told(message).get("topics") or ())
            joined = next((helper for helper in helpers if helper.get("role") == JOINED), None)
            if topics and joined is not None:
                self._follow(message, ranking, ranking_of(joined), topics)
            elif clauses and len((message.get(TEXT) or "").split()) >= LONG_WORDS:
                _set(message, self._story(ranking, [ranking_of(clause) for clause in clauses]))
        return messages

    def look(self, message: Message) -> tuple[Look, str | None]:
        """What a message is made of, and the country that it names."""
        text = normalised(message)
        named = [entity for entity in self._lists.find(text) if entity.entity == "country"]
        country = named[0].value if named else None
        return self.follow_ups.look(text, [entity.text for entity in named]), country

    def _follow(self, message: Message, alone: Ranking, joined: Ranking, topics: Sequence[str]) -> None:
        look, country = self.look(message)
        last = topics[0]
        best = max(alone, key=lambda name: alone[name])
        if look.may_stand_alone and best != OUT_OF_SCOPE and alone[best] >= self._config["whole"]:
            return
        if look.is_bare:
            _set(message, self._bare(alone, self.follow_ups.target(look, last, country)))
            return
        found = signs(alone, joined, last, look, self.follow_ups)
        if joined and related(found, self._config["signs"]) >= self._config["related"]:
            _set(message, joined)

    def _bare(self, alone: Ranking, target: str) -> Ranking:
        rest = {name: p for name, p in alone.items() if name != target}
        total = sum(rest.values()) or 1.0
        left = 1.0 - self._config["bare"]
        return {target: self._config["bare"], **{name: left * p / total for name, p in rest.items()}}

    def _chain(self, clauses: Sequence[Message]) -> None:
        """A bare clause ("... dan biayanya berapa") is read in the light of the one before it."""
        last: str | None = None
        for clause in clauses:
            ranking = ranking_of(clause)
            look, country = self.look(clause)
            if last is not None and look.is_bare:
                ranking = self._bare(ranking, self.follow_ups.target(look, last, country))
                _set(clause, ranking)
            last = max(ranking, key=lambda name: ranking[name], default=None)

    def _story(self, whole: Ranking, clauses: Sequence[Ranking]) -> Ranking:
        """The whole and its questions together, each clause as much as it is sure."""
        mixed = dict(whole)
        for clause in clauses:
            sure = self._config["clause"] * max(clause.values(), default=0.0) / len(clauses)
            for name, p in clause.items():
                mixed[name] = mixed.get(name, 0.0) + sure * p
        return _normal(mixed)


def ranking_of(message: Message) -> Ranking:
    """Confidence by topic."""
    return {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking") or []}


def _normal(weights: Mapping[str, float]) -> Ranking:
    total = sum(weights.values()) or 1.0
    return {name: weight / total for name, weight in weights.items()}


def _set(message: Message, ranking: Ranking) -> None:
    """The best first."""
    order = sorted(ranking, key=lambda name: -ranking[name])
    entries = [{"name": name, "confidence": ranking[name]} for name in order]
    message.set("intent_ranking", entries, add_to_output=True)
