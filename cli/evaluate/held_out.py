"""Measure the model and the guard on the held-out sentences."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cli.evaluate.as_written import AsWritten, measure_as_written
from cli.evaluate.scores import (
    Bin,
    Score,
    calibration,
    calibration_error,
    rejected_at_loss,
    score,
    share,
)
from cli.evaluate.sets import read_rows
from cli.evaluate.talks import Talks, measure_talks
from cli.reading import Reader, Reading
from core.topics import EMERGENCIES, OUT_OF_SCOPE

WORST = 50
"""Errors that a report lists."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A held-out sentence that was taken for something else; `confidence` in what it was taken for."""

    text: str
    topic: str
    taken_for: str
    confidence: float
    language: str


@dataclass(frozen=True, slots=True)
class Report:
    """Held-out results; shares are 0 to 1.

    `slices` by language and by register. `in_scope_refused`: questions taken for out of scope.
    `rejected`: out-of-scope sentences declined; `rejected_at_loss`: the same where 0.05 of in-scope questions may be
    refused. `danger_recall`: emergencies that the guard or the topic notices; `guard_recall` by the guard alone.
    `false_alarms`: look-alikes that the guard alarms on. `worst`: the surest mistakes first.
    """

    overall: Score
    slices: dict[str, Score]
    in_scope_refused: float
    rejected: float
    rejected_at_loss: float
    danger_recall: float
    guard_recall: float
    false_alarms: float
    lookalike_emergency_topics: float
    calibration_error: float
    talks: Talks
    as_written: AsWritten
    bins: tuple[Bin, ...]
    confusion: Mapping[str, Mapping[str, int]]
    worst: tuple[Mistake, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return asdict(self)

    def to_text(self) -> str:
        """A table for people."""
        lines = [f"{'slice':<12} {'sentences':>9} {'accuracy':>9} {'macro-F1':>9}"]
        for name, of_slice in {"all": self.overall, **self.slices}.items():
            lines.append(
                f"{name:<12} {of_slice.count:>9} {of_slice.accuracy:>9.3f} {of_slice.macro_f1:>9.3f}"
            )
        t = self.talks
        lines += [
            f"in-scope questions refused   {self.in_scope_refused:.3f}",
            f"out-of-scope rejected        {self.rejected:.3f} "
            f"({self.rejected_at_loss:.3f} where 0.05 of in-scope may be refused)",
            f"emergencies noticed          {self.danger_recall:.3f} (guard alone {self.guard_recall:.3f})",
            f"false alarms on look-alikes  {self.false_alarms:.3f} (answered as emergency: "
            f"{self.lookalike_emergency_topics:.3f})",
            f"expected calibration error   {self.calibration_error:.3f}",
            f"follow-ups right             {t.follow_ups:.3f} (of {t.follow_up_count}; "
            f"stand-alone ones right: {t.standalone:.3f} of {t.standalone_count})",
            f"questions after another topic {t.after_another:.3f} (alone {t.alone:.3f})",
            f"two questions both found     {t.double:.3f} (of {t.double_count}; "
            f"single ones left whole: {t.single:.3f} of {t.single_count})",
            *self.as_written.to_lines(),
        ]
        return "\n".join(lines)


async def measure(reader: Reader) -> Report:
    """Run all held-out files through the model and the guard."""
    questions, outside = read_rows("questions"), read_rows("out_of_scope")
    asked = await reader.read([row["text"] for row in questions], what="questions")
    declined = await reader.read([row["text"] for row in outside], what="out-of-scope sentences")
    alike = await reader.read([row["text"] for row in read_rows("lookalikes")], what="look-alikes")
    pairs = list(zip(questions, asked, strict=True))
    slices: dict[str, list[tuple[str, str]]] = defaultdict(list)
    confusion: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, found in pairs:
        confusion[row["topic"]][found.topic] += 1
        for name in (row["language"], row["register"]):
            slices[name].append((row["topic"], found.topic))
    dangers = [found for row, found in pairs if row["topic"] in EMERGENCIES]
    bins = calibration((found.confidence, row["topic"] == found.best) for row, found in pairs)
    return Report(
        overall=score([(row["topic"], found.topic) for row, found in pairs]),
        slices={name: score(of_slice) for name, of_slice in slices.items()},
        in_scope_refused=share(asked, lambda found: found.topic == OUT_OF_SCOPE),
        rejected=share(declined, lambda found: found.topic == OUT_OF_SCOPE),
        rejected_at_loss=rejected_at_loss(
            [found.strangeness for found in asked], [found.strangeness for found in declined]
        ),
        danger_recall=share(dangers, lambda found: bool(found.danger) or found.topic in EMERGENCIES),
        guard_recall=share(dangers, lambda found: bool(found.danger)),
        false_alarms=share(alike, lambda found: bool(found.danger)),
        lookalike_emergency_topics=share(alike, lambda found: found.topic in EMERGENCIES),
        calibration_error=calibration_error(bins),
        talks=await measure_talks(reader, questions, asked),
        as_written=await measure_as_written(reader),
        bins=tuple(bins),
        confusion={truth: dict(found) for truth, found in confusion.items()},
        worst=_worst(pairs),
    )


def _worst(pairs: Sequence[tuple[Mapping[str, str], Reading]]) -> tuple[Mistake, ...]:
    wrong = [
        Mistake(row["text"], row["topic"], found.topic, found.understood.confidence or 0.0, row["language"])
        for row, found in pairs
        if row["topic"] != found.topic
    ]
    return tuple(sorted(wrong, key=lambda mistake: -mistake.confidence)[:WORST])
