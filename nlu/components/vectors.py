"""The sentence vectors of a process: remembered, taken from the file that ships with the sentences, or encoded.

Vectors have 384 float32 values and length 1. Nothing of Rasa is needed here.
"""

import hashlib
import logging
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np

from encoder.memory import Memory
from encoder.model import DIM, Encoder
from encoder.weights import PACKAGE, EncoderError

logger = logging.getLogger(__name__)

STORE = "models/.encoded.npz"
"""File in which trainings keep the vectors of the sentences for the next time."""
SHIPPED = Path(__file__).resolve().parents[1] / "vectors.npz"
"""The vectors that come with the training sentences, made by `make vectors`: encoding them takes minutes."""
_STEP = 1 / 200
"""Shipped vectors are whole numbers of this step (their values have a deviation of about 10 steps)."""
_KEPT = 20_000


class Vectors:
    """One encoder a process; results are remembered, on disk too while training. Safe to use from several threads."""

    def __init__(self) -> None:
        """Loads the encoder; raises `EncoderError` where that fails."""
        self._encoder = Encoder.load()
        self._memory = Memory(self._encoder, _KEPT)

    def embed(self, texts: list[str]) -> np.ndarray:
        """Vectors of the texts, float32 (n, 384)."""
        out = np.empty((len(texts), DIM), np.float32)
        for row, text in enumerate(texts):
            out[row] = self._memory.vector(text)
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
            for done, (text, vector) in enumerate(_encoded(self._encoder, missing), 1):
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
        return np.stack([known[keys[text]] for text in texts])


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def ship(texts: list[str], vectors: np.ndarray, path: Path = SHIPPED) -> None:
    """Write the vectors, float32 (n, 384), for `shipped_vectors`; sorted, so that the file depends on nothing else."""
    rows = sorted({_key(text): row for row, text in enumerate(texts)}.items())
    whole = np.clip(np.rint(vectors[[row for _, row in rows]] / _STEP), -127, 127).astype(np.int8)
    keys = np.array([int(key, 16) for key, _ in rows], np.uint64)
    np.savez_compressed(path, encoder=np.array(version(PACKAGE)), keys=keys, vectors=whole)


def shipped_vectors(path: Path = SHIPPED) -> dict[str, np.ndarray]:
    """Key to vector, float32 (384,) of length 1; none where another release of the encoder is installed."""
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as file:
        if str(file["encoder"]) != version(PACKAGE):
            logger.warning("%s was made with other weights: every sentence is encoded anew.", path.name)
            return {}
        keys, vectors = file["keys"].tolist(), file["vectors"].astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return {f"{key:016x}": vector for key, vector in zip(keys, vectors, strict=True)}


def _encoded(encoder: Encoder, texts: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """The texts with their vectors in their order, a thread a core: the engine works outside Python's lock."""
    if not texts:
        return
    pool = ThreadPoolExecutor(min(os.cpu_count() or 1, 8))
    try:
        yield from zip(texts, pool.map(encoder.vector, texts), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _save(store: Path, vectors: dict[str, np.ndarray]) -> None:
    store.parent.mkdir(parents=True, exist_ok=True)
    part = store.with_name(f"{store.stem}.{os.getpid()}.npz")
    np.savez(part, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
    part.replace(store)


_vectors: Vectors | None = None
_vectors_lock = threading.Lock()


def shared_vectors() -> Vectors | None:
    """The process's vectors, or None (with a warning) where the encoder cannot be loaded."""
    global _vectors
    with _vectors_lock:
        if _vectors is None:
            try:
                _vectors = Vectors()
            except EncoderError as error:
                logger.warning("%s: going on without sentence vectors, less exact.", error)
        return _vectors
