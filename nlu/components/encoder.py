"""The featurizer that gives each message its sentence vector, centred and partly whitened."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from encoder.text import MAX_CHARS, clean
from encoder.whitening import Whitening
from nlu.components.normaliser import normalised
from nlu.components.vectors import STORE, shared_vectors

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense vector a message: the encoded text, whitened and scaled."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs only the text: no component reads tokens, and Rasa would cut every answer into them."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Numbers and how they were chosen: docs/decisions/0003-understanding.md.

        `scale`: weight beside the tf-idf blocks; `whitening`: power, see `Whitening`; `store`: file in
        which training keeps the vectors.
        """
        return {
            **DenseFeaturizer.get_default_config(),
            "scale": 3.5,
            "whitening": 0.25,
            "max_chars": MAX_CHARS,
            "store": STORE,
        }

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Keep the config; the whitening comes with training or loading."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._whitening: Whitening | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """A new, untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceEncoder":
        """Load the whitening."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                arrays = np.load(Path(folder) / "whitening.npz", allow_pickle=False)
                component._whitening = Whitening(arrays["mean"], arrays["matrix"])
        except ValueError:
            logger.warning("The model was trained without the sentence encoder: train again to use it.")
        return component

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check beyond types."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the whitening from the training texts."""
        encoder = shared_vectors()
        texts = [self._clean(m) for m in training_data.training_examples if m.get(TEXT)]
        if encoder is not None and texts:
            vectors = encoder.embed_with_store(texts, Path(self._config["store"]))
            self._whitening = Whitening.fit(vectors, self._config["whitening"])
            with self._model_storage.write_to(self._resource) as folder:
                np.savez(
                    Path(folder) / "whitening.npz", mean=self._whitening.mean, matrix=self._whitening.matrix
                )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the training examples."""
        encoder = shared_vectors()
        if encoder is not None:
            store = Path(self._config["store"])
            self._add(training_data.training_examples, lambda texts: encoder.embed_with_store(texts, store))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages; leaves them without where the encoder or the whitening is missing."""
        encoder = shared_vectors()
        if encoder is not None:
            self._add(messages, encoder.embed)
        return messages

    def _add(self, messages: list[Message], embed: Callable[[list[str]], np.ndarray]) -> None:
        # only what people write: Rasa puts the long answers into the training examples, too
        todo = [m for m in messages if m.get(TEXT)]
        if todo and self._whitening is not None:
            vectors = self._whitening(embed([self._clean(m) for m in todo]))
            for message, row in zip(todo, (vectors * self._config["scale"]).astype(np.float32), strict=True):
                self.add_features_to_message(None, row[None], TEXT, message)

    def _clean(self, message: Message) -> str:
        return clean(normalised(message), self._config["max_chars"])
