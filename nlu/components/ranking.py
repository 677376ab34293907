"""What the components that rank topics have in common: their place in Rasa's graph, what they read, what they set."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class Ranker(IntentClassifier, GraphComponent):
    """A component that learns from the training sentences and changes a message's ranking of topics."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Untrained."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage, self._resource = model_storage, resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """A new, untrained component."""
        return cls(config, model_storage, resource)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after such a component reads the training examples' ranking."""
        return training_data


def sentences(training_data: TrainingData) -> list[Message]:
    """The examples that have a topic."""
    return [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]


def sentence_vector(message: Message) -> np.ndarray | None:
    """The sentence vector, float32 (384,); None without one."""
    found = message.get_dense_features(TEXT)[1]
    return None if found is None else np.asarray(found.features[0], np.float32)


def set_ranking(message: Message, ranking: Sequence[tuple[str, float]]) -> None:
    """Hand over topics and their confidences, the best first."""
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message.set("intent", dict(entries[0]), add_to_output=True)
    message.set("intent_ranking", entries, add_to_output=True)
