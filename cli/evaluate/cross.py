"""Cross-validation on the training sentences: run in Rasa's environment, told here."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli.evaluate.scores import Score, calibration, calibration_error, rejected_at_loss, score, share
from cli.model import RASA_PYTHON, ModelError, rasa_environment
from core.settings import ROOT
from core.topics import EMERGENCIES, OUT_OF_SCOPE

FOLDS = 5


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Results on sentences that were left out of training in turn; shares are 0 to 1.

    `overall` in-scope sentences; `emergency_recall` by the topic alone, without the guard; the rest as in
    `cli.evaluate.held_out.Report`.
    """

    folds: int
    overall: Score
    in_scope_refused: float
    rejected: float
    rejected_at_loss: float
    emergency_recall: float
    calibration_error: float

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return asdict(self)

    def to_text(self) -> str:
        """Lines for people."""
        return "\n".join(
            [
                f"cross-validation, {self.folds} folds, {self.overall.count} in-scope training sentences",
                f"accuracy                     {self.overall.accuracy:.3f}",
                f"macro-F1                     {self.overall.macro_f1:.3f}",
                f"in-scope questions refused   {self.in_scope_refused:.3f}",
                f"out-of-scope rejected        {self.rejected:.3f} "
                f"({self.rejected_at_loss:.3f} where 0.05 of in-scope may be refused)",
                f"emergencies by topic alone   {self.emergency_recall:.3f}",
                f"expected calibration error   {self.calibration_error:.3f}",
            ]
        )


def cross_validate(folds: int = FOLDS) -> CrossValidation:
    """Train and read `folds` times; progress goes to standard error.

    Raises:
        ModelError: Rasa's environment is missing, or a training failed.
    """
    if not RASA_PYTHON.exists():
        raise ModelError("Rasa's environment is missing. Run: make setup")
    with tempfile.TemporaryDirectory(prefix="desmi-") as folder:
        out = Path(folder) / "found.jsonl"
        command = [
            str(RASA_PYTHON),
            "-m",
            "training.cross_validation",
            "--out",
            str(out),
            "--folds",
            str(folds),
        ]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=rasa_environment(), stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode != 0:
            raise ModelError(
                f"Cross-validation failed (exit code {done.returncode}); the lines above say why."
            )
        rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return summarise(rows, folds)


def summarise(rows: Sequence[dict[str, Any]], folds: int) -> CrossValidation:
    """The results of the rows that `training.cross_validation` writes."""
    inside = [row for row in rows if row["topic"] != OUT_OF_SCOPE]
    outside = [row for row in rows if row["topic"] == OUT_OF_SCOPE]
    urgent = [row for row in rows if row["topic"] in EMERGENCIES]
    return CrossValidation(
        folds=folds,
        overall=score([(row["topic"], row["taken_for"]) for row in inside]),
        in_scope_refused=share(inside, lambda row: row["taken_for"] == OUT_OF_SCOPE),
        rejected=share(outside, lambda row: row["taken_for"] == OUT_OF_SCOPE),
        rejected_at_loss=rejected_at_loss(
            [_strangeness(r) for r in inside], [_strangeness(r) for r in outside]
        ),
        emergency_recall=share(urgent, lambda row: row["taken_for"] in EMERGENCIES),
        calibration_error=calibration_error(
            calibration((row["confidence"], row["best"] == row["topic"]) for row in inside)
        ),
    )


def _strangeness(row: dict[str, Any]) -> float:
    """As `cli.reading.Reading.strangeness`."""
    best = row["confidence"] if row["best"] != OUT_OF_SCOPE else 1.0 - row["out"]
    return float(row["out"] - best)
