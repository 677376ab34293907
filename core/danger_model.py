"""The guard's second half: a small trained model that tells how likely a message speaks of a danger.

Logistic regression over a sentence vector and hashed words and letters, weighed with how much nearer the sentence is
to known emergencies than to other sentences; `training/danger.py` makes its file. It needs neither Rasa nor the
database. Where the encoder is missing or fails, a second set of weights goes by words and letters only.
"""

import json
import logging
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from core.danger_features import Block, terms, weigh, windows
from core.wording import Reader
from encoder.memory import TextEncoder
from encoder.model import DIM, Encoder
from encoder.sides import Sides
from encoder.text import clean
from encoder.weights import EncoderError, Floats
from encoder.whitening import Whitening

logger = logging.getLogger(__name__)

VERSION = 3
"""Of the file and the features; a file of another version is not used."""
_ENCODED_WINDOWS = 4  # of a long story the encoder (5 to 50 ms a text) sees the most suspicious windows only

_LEAST = 1e-6


def load_encoder() -> TextEncoder | None:
    """The sentence encoder, or None with a warning where it cannot be loaded."""
    try:
        return Encoder.load()
    except EncoderError as error:
        logger.warning("%s: the guard goes on by words alone", error)
        return None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What counts how much, in log-odds of danger.

    `likelihood`: a unit of the regression's log-odds; `nearness`: a unit of cosine by which known emergencies are nearer;
    `rule`: a written rule's hit; `doubt`: a rule's word that was denied, general or of a look-alike; `bias`: without anything.
    """

    likelihood: float
    nearness: float
    rule: float
    doubt: float
    bias: float


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


@dataclass(frozen=True, slots=True)
class _Judgement:
    """Of one part of a text: the likeliest danger, and the log-odds of any by the evidence that there was."""

    topic: str
    odds: float
    evidence: Evidence


class DangerModel:
    """Scores messages; safe to use from several threads. `load` makes one."""

    def __init__(self, arrays: dict[str, NDArray[Any]], encoder: TextEncoder | None) -> None:
        facts = json.loads(str(arrays["facts"]))
        if facts["version"] != VERSION:
            raise ValueError(f"version {facts['version']}, not {VERSION}")
        self._topics: list[str] = facts["topics"]  # the classes 0 to len - 1; all others are no danger
        self._reader = Reader.from_memory(facts["reader"])
        self._meanings: dict[str, list[str]] = facts["meanings"]
        self._idf = arrays["idf"].astype(np.float32)
        self._full = Weights(arrays["weights"], arrays["bias"])
        self._lexical = Weights(arrays["lexical_weights"], arrays["lexical_bias"])
        self._evidence = Evidence(**facts["evidence"])
        self._evidence_alone = Evidence(**facts["evidence_alone"])
        self._whitening = Whitening(arrays["mean"], arrays["whitening"].astype(np.float32))
        self._sides = Sides(arrays["emergencies"], arrays["others"], facts["neighbours"])
        self._encoder = encoder

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

    def score(self, text: str, hit: bool = False, doubted: bool = False) -> tuple[str, float]:
        """The likeliest danger topic and the probability of any danger; of a long story, its worst part's.

        Args:
            text: Any text.
            hit: Whether a written rule found a danger in it.
            doubted: Whether a rule saw a danger that it does not believe.
        """
        texts = [clean(text), *map(clean, windows(text))]
        sparse = [weigh(terms(part, self._reader, self._meanings), self._idf) for part in texts]
        found = [self._judged_by_words(block) for block in sparse]
        order = sorted(range(1, len(texts)), key=lambda i: -found[i].odds)
        kept = (0, *order[:_ENCODED_WINDOWS])
        judged = [self._judged(texts[i], sparse[i]) for i in kept] if self._encoder is not None else []
        whole = [each for each in judged if each is not None]
        # half of the parts with and half without the encoder could not be compared
        worst = max(whole if whole and len(whole) == len(kept) else found, key=lambda each: each.odds)
        evidence = worst.evidence
        odds = worst.odds + evidence.rule * hit + evidence.doubt * doubted
        return worst.topic, 1 / (1 + exp(-odds))

    def _judged_by_words(self, sparse: Block) -> _Judgement:
        evidence = self._evidence_alone
        topic, odds = self._danger(self._lexical.probabilities(None, sparse))
        return _Judgement(topic, evidence.likelihood * odds + evidence.bias, evidence)

    def _judged(self, text: str, sparse: Block) -> _Judgement | None:
        vector = self._encode(text)
        if vector is None:
            return None
        evidence, nearness = self._evidence, self._sides.nearness(self._whitening(vector))
        topic, odds = self._danger(self._full.probabilities(vector, sparse))
        odds = evidence.likelihood * odds + evidence.nearness * nearness + evidence.bias
        return _Judgement(topic, odds, evidence)

    def _danger(self, probabilities: Floats) -> tuple[str, float]:
        """The likeliest danger topic, and the log-odds of any danger."""
        dangers = probabilities[: len(self._topics)]
        danger = min(max(float(dangers.sum()), _LEAST), 1 - _LEAST)
        return self._topics[int(dangers.argmax())], log(danger / (1 - danger))

    def _encode(self, text: str) -> Floats | None:
        if self._encoder is None:
            return None
        try:
            vector = np.asarray(self._encoder.vector(text.lower()), np.float32)
            if vector.shape != (DIM,) or not np.isfinite(vector).all():
                raise ValueError("no vector")
        except Exception as error:  # whatever it is, the message must still be judged
            logger.warning(
                "the guard's sentence encoder failed (%s): going on by words alone", type(error).__name__
            )
            self._encoder = None
            return None
        return vector
