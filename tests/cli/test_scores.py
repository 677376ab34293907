"""What `desmi evaluate` measured is kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from cli import scores
from cli.evaluate.as_written import AsWritten
from cli.evaluate.held_out import Report
from cli.evaluate.scores import Score
from cli.evaluate.talks import Talks
from core.storage import Database
from core.storage import quality as tables
from tests.cli.conftest import Desmi


def test_a_report_is_kept(new_desmi: Callable[..., Desmi], monkeypatch: pytest.MonkeyPatch) -> None:
    async def measured(_settings: object) -> Report:
        talks = Talks(0.9, 60, 1.0, 20, 0.95, 0.95, 0.8, 40, 0.9, 40, ())
        written = AsWritten(10, 0.7, 0.8, 0.9, 0.05, 4, 0.75, 2, 1.0, 12, 0.1)
        return Report(
            Score(500, 0.9, 0.88),
            {},
            0.01,
            0.8,
            0.9,
            0.97,
            0.95,
            0.02,
            0.01,
            0.05,
            talks,
            written,
            (),
            {},
            (),
        )

    monkeypatch.setattr("cli.evaluate.command._measure", measured)
    kept: list[tables.Score] = []
    real = scores.on_database

    async def read(database: Database) -> None:
        async with database.read() as session:
            kept.extend((await session.scalars(select(tables.Score))).all())

    def on_database(work: object) -> None:
        real(work)  # type: ignore[arg-type]
        real(read)

    monkeypatch.setattr(scores, "on_database", on_database)
    assert new_desmi()("evaluate").exit_code == 0
    (score,) = kept
    assert (score.sentences, score.accuracy, score.danger_recall) == (500, 0.9, 0.97)
    assert score.model
