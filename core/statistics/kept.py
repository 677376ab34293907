"""Kept tables: counting a full log takes seconds, so it is done beside the pages and the newest tables are shown.

What is kept is protected already, so that it says nothing of a person; what was erased is gone with the next count.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from core.cancellation import heed_cancellation
from core.logs import where
from core.statistics.counts import DIMENSIONS, PERIODS, Period
from core.statistics.suppression import Cell
from core.statistics.tables import Line, table
from core.storage import Database
from core.storage.quality import Counted
from core.storage.types import now

logger = logging.getLogger(__name__)

TABLES = (*DIMENSIONS, "nearly")
PAUSE_S = 300.0
"""Seconds between two counts at least."""
SHARE = 30
"""A pause is as many times as long as the count before it, so that counting takes little of a full database's time."""
TOO_OLD = timedelta(hours=1)
"""A table that nobody has brought up to date for so long is counted while the page waits."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The lines of a table, and when they were counted."""

    lines: Sequence[Line]
    at: datetime


async def kept(database: Database, days: int, *names: str) -> dict[str, Kept]:
    """Tables of `TABLES` over the last days, as they were counted last."""
    fresh = select(Counted).where(Counted.days == days, Counted.name.in_(names), Counted.at > now() - TOO_OLD)
    async with database.read() as session:
        found = {row.name: Kept(_lines(row), row.at) for row in await session.scalars(fresh)}
    return {name: found.get(name) or await _count(database, name, days) for name in names}


def _lines(row: Counted) -> list[Line]:
    return [Line(key, {c: Cell(*cell) for c, cell in cells.items()}) for key, cells in row.lines]


async def recount(database: Database) -> None:
    """Count every table of every period anew."""
    for days in PERIODS:
        for name in TABLES:
            await _count(database, name, days)


async def counting(database: Database) -> None:
    """Count again and again until cancelled; an error is logged and the next count tries again."""
    while True:
        started = time.monotonic()
        try:
            await recount(database)
        except (SQLAlchemyError, OSError) as error:
            logger.error("counting failed: %s\n%s", error.__class__.__name__, where(error))
            heed_cancellation()
        await asyncio.sleep(max(PAUSE_S, SHARE * (time.monotonic() - started)))


async def _count(database: Database, name: str, days: int) -> Kept:
    moment = now()
    async with database.read() as session:
        lines = await table(session, name, Period.last(days, moment))
    values = {
        "at": moment,
        "lines": [(x.key, {c: (cell.value, cell.hidden) for c, cell in x.cells.items()}) for x in lines],
    }
    dialect = sqlite if database.engine.dialect.name == "sqlite" else postgresql
    row = dialect.insert(Counted).values(name=name, days=days, **values)
    async with database.begin() as session:
        await session.execute(
            row.on_conflict_do_update(index_elements=[Counted.name, Counted.days], set_=values)
        )
    return Kept(lines, moment)
