"""The report as a page with pictures: docs/reports/understanding.md."""

from pathlib import Path

from cli.evaluate.cross import CrossValidation
from cli.evaluate.held_out import Mistake, Report
from cli.model import ModelError, model_path
from core.settings import ROOT

REPORTS = ROOT / "docs" / "reports"
PAGE = "understanding.md"
_CALIBRATION, _CONFUSION = "understanding-calibration.svg", "understanding-confusion.svg"


def write_report(report: Report, cross: CrossValidation | None = None, folder: Path = REPORTS) -> Path:
    """Write page and pictures; returns the page's path.

    Raises:
        ModelError: the plotting library is missing.
    """
    try:
        from cli.evaluate.pictures import draw_calibration, draw_confusion

        folder.mkdir(parents=True, exist_ok=True)
        draw_calibration(report.bins, folder / _CALIBRATION)
        draw_confusion(report.confusion, folder / _CONFUSION)
    except ModuleNotFoundError as error:
        raise ModelError(f"{error.name} is missing, which draws the pictures. Run: make setup-dev") from error
    path = folder / PAGE
    path.write_text(_page(report, cross), "utf-8")
    return path


def _page(report: Report, cross: CrossValidation | None) -> str:
    parts = [
        "# How well Desmi understands\n\n"
        f"Written by `desmi evaluate{' --cross-validate' if cross else ''} --write` with the model "
        f"`{model_path().name}`. Every sentence was written by the developers, none by a user: read\n"
        "[how](../../tests/heldout/README.md) before you believe a figure.\n",
        f"## Held-out sentences and conversations\n\n```text\n{report.to_text()}\n```\n",
    ]
    if cross is not None:
        parts.append(
            "## Training sentences, each read by a model that had not seen it\n\n"
            f"These are meant to be hard; the guard has no part in it.\n\n```text\n{cross.to_text()}\n```\n"
        )
    parts += [
        f"## Calibration\n\nHeld-out questions by confidence in the likeliest topic.\n\n![calibration]({_CALIBRATION})\n",
        f"## Confusion\n\n![confusion by theme]({_CONFUSION})\n",
        f"## The {len(report.worst)} worst errors\n\nThe surest first.\n\n{_errors(report.worst)}\n",
        "## Turns of conversations that went wrong\n\n"
        + ("\n".join(f"- {_cell(line)}" for line in report.talks.wrong) or "None.")
        + "\n",
    ]
    return "\n".join(parts)


def _errors(worst: tuple[Mistake, ...]) -> str:
    head = "| sentence | topic | taken for | confidence | language |\n|---|---|---|---:|---|"
    rows = [
        f"| {_cell(m.text)} | {m.topic} | {m.taken_for} | {m.confidence:.2f} | {m.language} |" for m in worst
    ]
    return "\n".join([head, *rows])


def _cell(text: str) -> str:
    """Text that breaks no table and is no markup."""
    return " ".join(text.replace("|", "/").replace("`", "'").replace("<", "&lt;").replace("[", "\\[").split())
