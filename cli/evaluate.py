"""Measure the model and the guard on the held-out sentences."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli.ask import parse_lines
from core.settings import ROOT, Settings
from core.topics import EMERGENCIES, OUT_OF_SCOPE

HELD_OUT = ROOT / "tests" / "heldout"


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy and macro-F1 (0 to 1) over `count` sentences."""

    count: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Report:
    """Held-out results; shares are 0 to 1.

    `slices` by language and by register. `in_scope_refused`: questions taken for out of scope.
    `rejected`: out-of-scope sentences declined. `danger_recall`: emergencies that the guard or the topic
    notices; `guard_recall` by the guard alone. `false_alarms`: look-alikes that the guard alarms on.
    """

    overall: Score
    slices: dict[str, Score]
    in_scope_refused: float
    rejected: float
    danger_recall: float
    guard_recall: float
    false_alarms: float
    lookalike_emergency_topics: float
    calibration_error: float

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return asdict(self)

    def to_text(self) -> str:
        """A table for people."""
        lines = [f"{'slice':<12} {'sentences':>9} {'accuracy':>9} {'macro-F1':>9}"]
        for name, score in {"all": self.overall, **self.slices}.items():
            lines.append(f"{name:<12} {score.count:>9} {score.accuracy:>9.3f} {score.macro_f1:>9.3f}")
        lines += [
            f"in-scope questions refused   {self.in_scope_refused:.3f}",
            f"out-of-scope rejected        {self.rejected:.3f}",
            f"emergencies noticed          {self.danger_recall:.3f} (guard alone {self.guard_recall:.3f})",
            f"false alarms on look-alikes  {self.false_alarms:.3f} (answered as emergency: "
            f"{self.lookalike_emergency_topics:.3f})",
            f"expected calibration error   {self.calibration_error:.3f}",
        ]
        return "\n".join(lines)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a held-out file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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


def calibration_error(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error of (confidence, right) pairs over equal bins."""
    grouped: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in pairs:
        grouped[min(int(confidence * bins), bins - 1)].append((confidence, right))
    total = sum(len(group) for group in grouped.values())
    return sum(abs(sum(c for c, _ in g) - sum(r for _, r in g)) for g in grouped.values()) / max(total, 1)


def _share(entries: Sequence[Any], test: Callable[[Any], bool]) -> float:
    return sum(1 for entry in entries if test(entry)) / max(len(entries), 1)


async def evaluate_model(settings: Settings) -> Report:
    """Run all held-out files through the model and the guard."""
    questions = read_rows(HELD_OUT / "questions.csv")
    outside = read_rows(HELD_OUT / "out_of_scope.csv")
    lookalikes = read_rows(HELD_OUT / "lookalikes.csv")
    rows = [*questions, *outside, *lookalikes]
    parsed = await parse_lines(settings, [row["text"] for row in rows], progress=True)
    asked = list(zip(questions, parsed[: len(questions)], strict=True))
    declined = parsed[len(questions) : len(questions) + len(outside)]
    alike = parsed[len(questions) + len(outside) :]
    slices: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row, entry in asked:
        for name in (row["language"], row["register"]):
            slices[name].append((row["topic"], entry["topic"]))
    dangers = [(row, entry) for row, entry in asked if row["topic"] in EMERGENCIES]
    return Report(
        overall=score([(row["topic"], entry["topic"]) for row, entry in asked]),
        slices={name: score(pairs) for name, pairs in slices.items()},
        in_scope_refused=_share(asked, lambda pair: pair[1]["topic"] == OUT_OF_SCOPE),
        rejected=_share(declined, lambda entry: entry["topic"] == OUT_OF_SCOPE),
        danger_recall=_share(dangers, lambda p: bool(p[1]["danger"]) or p[1]["topic"] in EMERGENCIES),
        guard_recall=_share(dangers, lambda p: bool(p[1]["danger"])),
        false_alarms=_share(alike, lambda entry: bool(entry["danger"])),
        lookalike_emergency_topics=_share(alike, lambda entry: entry["topic"] in EMERGENCIES),
        calibration_error=calibration_error(
            (entry["alternatives"][0]["confidence"], row["topic"] == entry["alternatives"][0]["topic"])
            for row, entry in asked
            if entry["alternatives"]
        ),
    )
