"""Tables of numbers as staff may see them: each cell protected, as a page and its CSV show it."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.statistics.counts import MEASURES, Period, Row, complete, count, nearly
from core.statistics.suppression import Cell, Count, percent, protect, protect_parts
from core.storage.quality import Score

COLUMNS = ("questions", "people", "sourced", "missed", "danger", "helpful", "unhelpful", "centres")
"""Columns of every table, after its key."""
_PARTS = ("sourced", "missed", "danger")  # of the questions
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TREND = 24
"""Held-out scores in the trend, the newest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its key and the protected cells of `COLUMNS`."""

    key: str
    cells: dict[str, Cell]

    def share(self, measure: str) -> int | None:
        """A part of the questions in percent; None where it must not be known."""
        return percent(self.cells[measure], self.cells["questions"])

    @property
    def helpful(self) -> int | None:
        """The helpful answers of those that were rated, in percent; None where it must not be known."""
        good, bad = self.cells["helpful"].value, self.cells["unhelpful"].value
        return None if good is None or bad is None or not good + bad else round(100 * good / (good + bad))


def protected(rows: Sequence[Row]) -> list[Line]:
    """The rows with every number hidden that could single somebody out."""
    wholes = [row["questions"] for row in rows]
    columns = {"people": protect([Count(whole.people, whole.people) for whole in wholes])}
    for measure in MEASURES:
        counts = [row[measure] for row in rows]
        columns[measure] = protect_parts(counts, wholes) if measure in _PARTS else protect(counts)
    return [Line(row.key, {c: columns[c][place] for c in COLUMNS}) for place, row in enumerate(rows)]


async def table(session: AsyncSession, dimension: str, period: Period) -> list[Line]:
    """The table of a dimension: days in order, everything else by questions, most first, hidden ones last.

    `nearly` has one column: by topic, the messages that were not understood and were most like it.
    """
    if dimension == "nearly":
        near = await nearly(session, period)
        cells = protect(list(near.values()))
        return [Line(topic, {"missed": cell}) for topic, cell in zip(near, cells, strict=True)]
    rows = await count(session, dimension, period)
    if dimension == "day":
        return protected(complete(rows, period.days()))
    if dimension == "all":
        return protected(complete(rows, [""]))
    return sorted(protected(rows), key=_order)


def _order(line: Line) -> tuple[int, str, str]:
    # a hidden number's place among the others would tell it
    asked = line.cells["questions"]
    return -(asked.value or 0), asked.hidden, line.key


async def trend(session: AsyncSession) -> list[Score]:
    """The newest held-out scores, oldest first."""
    newest = await session.scalars(select(Score).order_by(Score.id.desc()).limit(TREND))
    return list(reversed(newest.all()))


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()
