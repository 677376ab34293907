"""The decision: from the ranking of topics to one topic, in the form that Rasa's rules read.

A theme is a retrieval intent, a topic its sub-intent; too little confidence is Rasa's `nlu_fallback`.
"""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

TOPIC = "topic"
"""Where the final decision stands in a parse: `{"name": id, "confidence": 0..1, "sure": bool}`."""

OUT_OF_SCOPE = "bot/out_of_scope"


def set_topic(parse: Dict[Text, Any], topic: Text, confidence: float, sure: bool = True) -> Dict[Text, Any]:
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
    """Takes the best topic if it is sure enough, otherwise out of scope."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`threshold`: least confidence to answer; chosen on cross-validated training text."""
        return {"threshold": 0.25}

    def __init__(self, config: Dict[Text, Any]) -> None:
        """Keep the config."""
        self._config = config

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TopicDecision":
        """A component; it learns nothing."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Decide each message's topic."""
        for message in messages:
            ranking = message.get("intent_ranking")
            if not ranking:
                ranking = [{"name": OUT_OF_SCOPE, "confidence": 0.0}]
                message.set("intent_ranking", ranking, add_to_output=True)
            best = ranking[0]
            sure = best["confidence"] >= self._config["threshold"]
            fields = set_topic({}, best["name"] if sure else OUT_OF_SCOPE, best["confidence"], sure)
            fields.pop("intent_ranking")
            for key, value in fields.items():
                message.set(key, value, add_to_output=True)
        return messages
