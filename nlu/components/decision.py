"""The decision: from the ranking of topics to one topic, in the form that Rasa's rules read.

A theme is a retrieval intent, a topic its sub-intent; too little confidence is Rasa's `nlu_fallback`.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.topics import EMERGENCIES, OUT_OF_SCOPE

TOPIC = "topic"
"""Where the final decision stands in a parse: `{"name": id, "confidence": 0..1, "sure": bool}`."""


def set_topic(parse: dict[str, Any], topic: str, confidence: float, sure: bool = True) -> dict[str, Any]:
    """Set the fields that Rasa's retrieval actions and our bot read; returns the same mapping."""
    theme = topic.partition("/")[0]
    parse[TOPIC] = {"name": topic, "confidence": confidence, "sure": sure}
    parse[INTENT] = {"name": theme if sure else DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": confidence}
    parse["response_selector"] = {
        "all_retrieval_intents": [theme],
        theme: {
            "response": {
                "intent_response_key": topic,
                "utter_action": f"utter_{topic}",
                "confidence": confidence,
                "responses": [],
            },
            "ranking": [{"intent_response_key": topic, "confidence": confidence}],
        },
    }
    parse.setdefault("intent_ranking", [{"name": topic, "confidence": confidence}])
    return parse


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TopicDecision(GraphComponent):
    """Takes the best topic if it is sure enough, otherwise out of scope; prefers emergencies when near."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Numbers chosen on cross-validated training text: docs/decisions/0003-understanding.md.

        `threshold`: least confidence to answer; `scope_most`: answer only if out of scope has less confidence than
        this; `emergency_ratio`: an emergency is taken if all emergencies
        together have this share of the best other topic's confidence; `emergency_least`: and itself this;
        `calm_sure`, `calm_urgent`: a danger that the guard found is not taken where another topic has at least the
        one and all emergencies together less than the other; `ranking_length`: topics left in the ranking.
        """
        return {
            "threshold": 0.2,
            "scope_most": 0.14,
            "emergency_ratio": 0.8,
            "emergency_least": 0.1,
            "calm_sure": 0.6,
            "calm_urgent": 0.05,
            "emergencies": list(EMERGENCIES),
            "ranking_length": 5,
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
    ) -> "TopicDecision":
        """A component; it learns nothing."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide each message's topic."""
        for message in messages:
            ranking = message.get("intent_ranking")
            if not ranking:
                ranking = [{"name": OUT_OF_SCOPE, "confidence": 0.0}]
                message.set("intent_ranking", ranking, add_to_output=True)
            confidences = {r["name"]: r["confidence"] for r in ranking}
            danger = str((message.get("metadata") or {}).get("danger"))
            if danger in self._config["emergencies"]:
                name, confidence, sure = self._in_danger(confidences, danger)
            else:
                name, confidence, sure = self._decide(confidences)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
            fields = set_topic({}, name, confidence, sure)
            fields.pop("intent_ranking")
            for key, value in fields.items():
                message.set(key, value, add_to_output=True)
        return messages

    def _in_danger(self, confidences: dict[str, float], danger: str) -> tuple[str, float, bool]:
        """The danger that the guard found, or another emergency that is likelier: card and answer must agree.

        Where the classifier is sure of another topic and sees no emergency at all, the guard was probably wrong: the
        card has been sent, and the answer is to what was asked.
        """
        urgent = {name: confidences.get(name, 0.0) for name in self._config["emergencies"]}
        calm = max((p for name, p in confidences.items() if name not in urgent), default=0.0)
        if calm >= self._config["calm_sure"] and sum(urgent.values()) < self._config["calm_urgent"]:
            return self._decide(confidences)
        worst = max(urgent, key=lambda name: urgent[name])
        likelier = urgent[worst] >= self._config["emergency_least"] and urgent[worst] > urgent[danger]
        name = worst if likelier else danger
        return name, urgent[name], True

    def _decide(self, confidences: dict[str, float]) -> tuple[str, float, bool]:
        """Topic, its confidence, and whether it is sure; `confidences` is a ranking, the best first."""
        c = self._config
        urgent = {name: p for name, p in confidences.items() if name in c["emergencies"]}
        calm = max((p for name, p in confidences.items() if name not in urgent), default=0.0)
        worst = max(urgent, key=lambda name: urgent[name], default=OUT_OF_SCOPE)
        # five emergencies share one plight's confidence, so they are weighed together
        if (
            urgent.get(worst, 0.0) >= c["emergency_least"]
            and sum(urgent.values()) >= c["emergency_ratio"] * calm
        ):
            return worst, urgent[worst], True
        best = max(confidences, key=lambda name: confidences[name])
        confidence = confidences[best]
        if best == OUT_OF_SCOPE:
            return OUT_OF_SCOPE, confidence, confidence >= c["threshold"]
        if confidence < c["threshold"] or confidences.get(OUT_OF_SCOPE, 0.0) >= c["scope_most"]:
            return OUT_OF_SCOPE, confidence, False
        return best, confidence, True
