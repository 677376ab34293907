"""How long people wait for a person."""

from dataclasses import dataclass
from statistics import median

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.statistics.counts import Period
from core.statistics.suppression import Cell, Count, protect, protect_parts
from core.storage.handovers import Handover


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many asked for a person and how many got one; `minutes` is the median until then.

    `minutes` is None where fewer than five people got one.
    """

    asked: Cell
    taken: Cell
    minutes: float | None


async def waiting(session: AsyncSession, period: Period) -> Waiting:
    """Of those who asked in a period."""
    found = await session.execute(
        select(Handover.chat, Handover.asked_at, Handover.taken_at).where(
            Handover.asked_at >= period.since, Handover.asked_at < period.until
        )
    )
    rows = list(found)
    served = [row for row in rows if row.taken_at is not None]
    asked = Count(len(rows), len({row.chat for row in rows}))
    taken = Count(len(served), len({row.chat for row in served}))
    (asked_cell,) = protect([asked])
    (taken_cell,) = protect_parts([taken], [asked])
    minutes = [(row.taken_at - row.asked_at).total_seconds() / 60 for row in served]
    return Waiting(asked_cell, taken_cell, None if taken.few or not minutes else median(minutes))
