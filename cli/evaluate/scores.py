"""Scores of classifications: accuracy, macro-F1, calibration, what is refused. All shares are 0 to 1."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

IN_SCOPE_LOSS = 0.05
"""Share of in-scope questions that may be refused when out-of-scope recall is told."""


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy and macro-F1 over `count` sentences."""

    count: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Sentences of like confidence: their number, mean confidence and accuracy."""

    count: int
    confidence: float
    accuracy: float


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the classes that occur as truth; pairs are (truth, prediction)."""
    hits: dict[str, int] = defaultdict(int)
    truths: dict[str, int] = defaultdict(int)
    guesses: dict[str, int] = defaultdict(int)
    for truth, guess in pairs:
        truths[truth] += 1
        guesses[guess] += 1
        hits[truth] += truth == guess
    return sum(2 * hits[c] / (truths[c] + guesses[c]) for c in truths) / max(len(truths), 1)


def score(pairs: Sequence[tuple[str, str]]) -> Score:
    """Accuracy and macro-F1 of (truth, prediction) pairs."""
    right = sum(truth == guess for truth, guess in pairs)
    return Score(len(pairs), right / max(len(pairs), 1), macro_f1(pairs))


def calibration(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """The bins that are not empty, of equal width, for (confidence, right) pairs."""
    grouped: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in pairs:
        grouped[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return [
        Bin(len(group), sum(c for c, _ in group) / len(group), sum(r for _, r in group) / len(group))
        for _, group in sorted(grouped.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error over bins."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in bins) / max(total, 1)


def rejected_at_loss(inside: Sequence[float], outside: Sequence[float], loss: float = IN_SCOPE_LOSS) -> float:
    """Share of `outside` rejected by the strictest cut that refuses at most `loss` of `inside`.

    The numbers say how much a message looks out of scope.
    """
    allowed = int(loss * len(inside))
    ranked = sorted(inside, reverse=True)
    cut = ranked[allowed] if allowed < len(ranked) else float("-inf")
    return share(outside, lambda value: value > cut)


def share(entries: Sequence[Any], test: Callable[[Any], bool]) -> float:
    """Share of the entries that pass a test; 0 of none."""
    return sum(1 for entry in entries if test(entry)) / max(len(entries), 1)
