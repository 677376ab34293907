"""Questions: a message that asks two things gets two topics; the helpers that showed it are taken away."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from nlu.components.decision import TOPIC, set_topic
from nlu.components.topics import EMERGENCIES
from nlu.components.unfold import CLAUSE, groups

QUESTIONS = "questions"
"""Where the further topics of a message stand in a parse, in their order: `[{"name", "confidence"}]`."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Questions(GraphComponent):
    """Sets `QUESTIONS`, and the first question as the message's topic."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Numbers and how they were chosen: docs/decisions/0008-follow-ups.md.

        `sure`: confidence with which a clause counts as a question of its own; `seen`: the same where the whole
        message speaks for its topic, too, by at least `share`; `small_talk`: topics that nobody asks beside another
        question.
        """
        return {
            "sure": 0.8,
            "seen": 0.5,
            "share": 0.02,
            "small_talk": ["bot/greet", "bot/thanks", "bot/goodbye", "bot/out_of_scope"],
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Keep the config."""
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Questions":
        """A component; it learns nothing."""
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages of people alone, with what each of them asks."""
        kept: list[Message] = []
        for message, helpers in groups(messages):
            kept.append(message)
            clauses = [helper for helper in helpers if helper.get("role") == CLAUSE]
            found = self._asked(message, clauses) if len(clauses) > 1 else []
            if len(found) > 1:
                self._set(message, found)
            message.set(QUESTIONS, found[1:], add_to_output=True)
        return kept

    def _asked(self, message: Message, clauses: list[Message]) -> list[dict[str, Any]]:
        """Topics of the clauses with their confidences, in their order; empty where the message asks one thing."""
        whole = {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking")}
        decided = message.get(TOPIC)
        if decided["name"] in EMERGENCIES:
            return []
        found: dict[str, float] = {}
        for clause in clauses:
            topic = clause.get(TOPIC)
            name, confidence = topic["name"], topic["confidence"]
            if not topic["sure"] or name in self._config["small_talk"]:
                continue
            supported = whole.get(name, 0.0) >= self._config["share"]
            if confidence >= self._config["seen" if supported else "sure"]:
                found[name] = max(found.get(name, 0.0), confidence)
        if decided["sure"] and decided["name"] not in found:
            return []  # the clauses say something else than the whole: they were torn apart
        # a danger first, then what the whole is about, then in their order
        order = sorted(found, key=lambda name: (name not in EMERGENCIES, name != decided["name"]))
        return [{"name": name, "confidence": found[name]} for name in order]

    def _set(self, message: Message, found: list[dict[str, Any]]) -> None:
        fields = set_topic({}, found[0]["name"], found[0]["confidence"])
        fields.pop("intent_ranking")
        names = {entry["name"] for entry in found}
        others = [entry for entry in message.get("intent_ranking") if entry["name"] not in names]
        fields["intent_ranking"] = [*found, *others]
        for key, value in fields.items():
            message.set(key, value, add_to_output=True)
