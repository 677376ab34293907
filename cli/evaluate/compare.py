"""Two models side by side on the held-out text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.evaluate.held_out import Report, measure
from cli.reading import reader
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models' names and reports."""

    names: tuple[str, str]
    reports: tuple[Report, Report]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready list of both: `{model, report}`."""
        both = zip(self.names, self.reports, strict=True)
        return {"models": [{"model": name, "report": report.to_dict()} for name, report in both]}

    def to_text(self) -> str:
        """A table: a line a figure, both values and their difference."""
        a, b = (_figures(report) for report in self.reports)
        lines = [f"A {self.names[0]}", f"B {self.names[1]}", f"{'':<32} {'A':>7} {'B':>7} {'B - A':>7}"]
        lines += [f"{name:<32} {a[name]:>7.3f} {b[name]:>7.3f} {b[name] - a[name]:>+7.3f}" for name in a]
        return "\n".join(lines)


async def compare_models(settings: Settings, first: Path, second: Path) -> Comparison:
    """Measure both, one after the other, each behind a server of its own."""
    reports: list[Report] = []
    for model in (first, second):
        async with reader(settings, model) as reading:
            reports.append(await measure(reading))
    return Comparison((first.name, second.name), (reports[0], reports[1]))


def _figures(report: Report) -> dict[str, float]:
    slices = {f"accuracy {name}": of_slice.accuracy for name, of_slice in report.slices.items()}
    return {
        "accuracy": report.overall.accuracy,
        "macro-F1": report.overall.macro_f1,
        **slices,
        "in-scope refused": report.in_scope_refused,
        "out-of-scope rejected": report.rejected,
        "the same at 0.05 refused": report.rejected_at_loss,
        "emergencies noticed": report.danger_recall,
        "false alarms on look-alikes": report.false_alarms,
        "expected calibration error": report.calibration_error,
        "follow-ups right": report.talks.follow_ups,
        "stand-alone turns right": report.talks.standalone,
        "questions after another topic": report.talks.after_another,
        "two questions both found": report.talks.double,
        "single questions left whole": report.talks.single,
        "as written: right": report.as_written.right,
        "as written: right or on a button": report.as_written.reached,
        "as written: rejected": report.as_written.rejected,
        "as written: emergencies noticed": report.as_written.noticed,
        "as written: alarms on calm ones": report.as_written.alarms,
    }
