"""What the inbox shows: rows of a filter, counts by reason, how many are new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BindParameter, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.filters import Filter, conditions
from console.paging import PAGE_ROWS, Slice, cut, unpack
from core.keys import Keys
from core.storage.models import Area, Message
from core.storage.review import Thread, ThreadTag
from core.storage.staff import Staff
from core.storage.types import UtcDateTime
from core.threads import REASONS, worst

NEW_SHOWN = 100
"""Above this, "n new" says "100+"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as the list shows it; `said` is the text of its head."""

    thread: Thread
    said: str
    tags: Sequence[str]
    regency: str
    assignee: str

    @property
    def reason(self) -> str | None:
        """The worst reason."""
        return worst(self.thread.urgency)


def threads_of(wanted: Filter, keys: Keys, after: str = "") -> Select[Thread]:
    """The query of one page of the list, and one row more."""
    query = select(Thread).where(*conditions(wanted, keys)).limit(PAGE_ROWS + 1)
    if wanted.order == "newest":
        query = query.order_by(Thread.last_at.desc(), Thread.id.desc())
        if key := unpack(after, float, int):
            query = query.where(tuple_(Thread.last_at, Thread.id) < tuple_(_moment(key[0]), literal(key[1])))
        return query
    query = query.order_by(Thread.urgency.desc(), Thread.last_at.desc(), Thread.id.desc())
    if key := unpack(after, int, float, int):
        # the first part alone is what an index of (done, urgency, ...) can start from
        query = query.where(
            tuple_(Thread.urgency, Thread.last_at, Thread.id)
            < tuple_(literal(key[0]), _moment(key[1]), literal(key[2]))
        )
    return query


async def rows(session: AsyncSession, wanted: Filter, keys: Keys, after: str = "") -> Slice[Row]:
    """One page of the list."""
    found = (await session.scalars(threads_of(wanted, keys, after))).all()
    page = cut(found, lambda t: _key(wanted, t))
    return Slice(await _dressed(session, page.rows), page.following)


async def counts(session: AsyncSession) -> Mapping[str, int]:
    """Open conversations by their worst reason, "none" for those without, "open" for all."""
    found = await session.execute(
        select(Thread.urgency, func.count()).where(Thread.done.is_(False)).group_by(Thread.urgency)
    )
    sums = dict.fromkeys([*REASONS, "none", "open"], 0)
    for urgency, number in found:
        sums[worst(urgency) or "none"] += number
        sums["open"] += number
    return sums


async def newer(session: AsyncSession, wanted: Filter, keys: Keys, since: datetime) -> int:
    """How many conversations of a filter have something said since then; at most `NEW_SHOWN`."""
    some = (
        select(Thread.id)
        .where(*conditions(wanted, keys), Thread.last_at > since)
        .order_by(Thread.last_at.desc())
        .limit(NEW_SHOWN)
    )
    return await session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _key(wanted: Filter, thread: Thread) -> list[str | int | float]:
    at = thread.last_at.timestamp()
    return [at, thread.id] if wanted.order == "newest" else [thread.urgency, at, thread.id]


def _moment(stamp: str | int | float) -> BindParameter[datetime]:
    return literal(datetime.fromtimestamp(float(stamp), UTC), UtcDateTime)


async def _dressed(session: AsyncSession, threads: Sequence[Thread]) -> list[Row]:
    """The rows with what stands in other tables, one look-up each."""
    heads = {t.head for t in threads if t.head}
    texts = dict((await session.execute(select(Message.id, Message.text).where(Message.id.in_(heads)))).all())
    tags: dict[int, list[str]] = {}
    ids = [t.id for t in threads]
    for thread, tag in await session.execute(
        select(ThreadTag.thread, ThreadTag.tag).where(ThreadTag.thread.in_(ids)).order_by(ThreadTag.tag)
    ):
        tags.setdefault(thread, []).append(tag)
    regencies = await area_names(session, {t.regency for t in threads if t.regency})
    assignees = {t.assignee for t in threads if t.assignee}
    names = (
        {}
        if not assignees
        else dict((await session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(assignees)))).all())
    )
    return [
        Row(
            t, texts.get(t.head or 0, ""), tags.get(t.id, []), regencies.get(t.regency or "", ""),
            names.get(t.assignee or 0, ""),
        )
        for t in threads
    ]  # fmt: skip


async def area_names(session: AsyncSession, codes: set[str]) -> dict[str, str]:
    """Names of areas by code."""
    return (
        {}
        if not codes
        else dict((await session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))).all())
    )
