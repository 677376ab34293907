"""The command `desmi evaluate`."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.evaluate.compare import Comparison, compare_models
from cli.evaluate.cross import FOLDS, CrossValidation, cross_validate
from cli.evaluate.held_out import Report, measure
from cli.reading import reader
from cli.scores import record
from core.settings import Settings, settings


@dataclass(frozen=True, slots=True)
class Measured:
    """What one call of the command measured."""

    report: Report
    cross: CrossValidation | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping: the held-out results, and `cross_validation` if it was asked for."""
        return {**self.report.to_dict(), **({"cross_validation": self.cross.to_dict()} if self.cross else {})}


async def _measure(config: Settings) -> Report:
    async with reader(config) as reading:
        return await measure(reading)


@click.command()
@click.option(
    "--cross-validate", is_flag=True, help="Also train on parts of the training data and read the rest."
)
@click.option("--folds", type=click.IntRange(2, 20), default=FOLDS, show_default=True, help="Parts of it.")
@click.option("--write", is_flag=True, help="Write the report with pictures to docs/reports.")
@click.option(
    "--compare",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure two model files side by side.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def evaluate(
    cross_validate: bool, folds: int, write: bool, compare: tuple[Path, Path] | None, as_json: bool
) -> None:
    """Measure the model on the held-out sentences and conversations."""
    if compare is not None:
        if cross_validate or write:
            raise click.UsageError("--compare measures two models on held-out text, and that alone.")
        _show(asyncio.run(compare_models(settings(), *compare)), as_json)
        return
    measured = Measured(asyncio.run(_measure(settings())), _cross(folds) if cross_validate else None)
    record(measured.report)
    if write:
        from cli.evaluate.write import write_report

        click.echo(f"Written: {write_report(measured.report, measured.cross)}", err=True)
    if as_json:
        click.echo(json.dumps(measured.to_dict(), ensure_ascii=False))
        return
    click.echo(measured.report.to_text())
    if measured.cross is not None:
        click.echo("\n" + measured.cross.to_text())


def _cross(folds: int) -> CrossValidation:
    return cross_validate(folds)


def _show(found: Comparison, as_json: bool) -> None:
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False) if as_json else found.to_text())
