"""Held-out scores are kept, so that the console can show their trend."""

from cli.evaluate.held_out import Report
from cli.model import model_path
from cli.staff import on_database
from core.storage import Database
from core.storage.quality import Score


def record(report: Report) -> None:
    """Write a report of the model in use into the database of the settings."""
    score = Score(
        model=model_path().name.removesuffix(".tar.gz"),
        sentences=report.overall.count,
        accuracy=report.overall.accuracy,
        macro_f1=report.overall.macro_f1,
        danger_recall=report.danger_recall,
        rejected=report.rejected,
    )

    async def write(database: Database) -> None:
        async with database.begin() as session:
            session.add(score)

    on_database(write)
