"""Retention: what is older than the setting allows is deleted each night, with a report."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import URL, and_, column, delete, exists, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from core import erasure
from core.cancellation import heed_cancellation
from core.demo import is_demo
from core.logs import where
from core.settings import Settings
from core.storage import Database, sweep_file
from core.storage.models import Base, Chat, Message, Outgoing, Update
from core.storage.review import Purge, Thread
from core.storage.types import now

logger = logging.getLogger(__name__)

NIGHT = time(2, 30, tzinfo=timezone(timedelta(hours=7)))
"""When the purge runs: half past two in western Indonesia, when fewest people write."""
MISSED_AFTER = timedelta(hours=26)
"""A machine that was off at night purges after its start when the last purge is older than this."""
CHATS_AT_ONCE = 100
_RETRY_S = 3600.0
_ASYNC = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


def cutoff(settings: Settings, moment: datetime) -> datetime | None:
    """What was said before this is due for deletion; None where everything is kept."""
    return moment - timedelta(days=settings.retention_days) if settings.retention_days else None


def next_night(moment: datetime) -> datetime:
    """The next time at which the purge runs."""
    local = moment.astimezone(NIGHT.tzinfo)
    tonight = datetime.combine(local.date(), NIGHT)
    return tonight if tonight > local else tonight + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """What a purge deleted: messages, whole conversations, and events of the dialogue engine's own record."""

    before: datetime
    messages: int
    chats: int
    events: int


async def purge(database: Database, settings: Settings) -> Report | None:
    """Delete what is older than the setting allows; None where the setting keeps everything."""
    before = cutoff(settings, now())
    if before is None:
        return None
    messages = chats = 0
    while names := await _due(database, before):
        async with database.begin() as session:
            messages += await _delete_old(session, names, before)
            chats += await _delete_empty(session, names, before)
    async with database.begin() as session:
        await session.execute(delete(Update).where(Update.done_at < before))
    events = await _delete_events(settings, column("timestamp") < before.timestamp())
    await _sweep(database, settings)
    report = Report(before, messages, chats, events)
    async with database.begin() as session:
        session.add(Purge(before=before, messages=messages, chats=chats, events=events))
    return report


async def erase(database: Database, settings: Settings, chat: str, staff: str) -> None:
    """Delete everything of one chat, the dialogue engine's record too, and have its messages taken out of the channel.

    The last the edge does when it finds the wish in its queue (`core.erasure.ask`); invented chats have no edge.
    """
    async with database.begin() as session:
        if await is_demo(session):
            await erasure.erase(session, chat)
            await session.execute(delete(Chat).where(Chat.id == chat))
        else:
            await erasure.ask(session, chat, staff)
    await _delete_events(settings, column("sender_id") == chat)
    await _sweep(database, settings)


async def export(database: Database, chat: str) -> dict[str, list[dict[str, Any]]]:
    """Everything of one chat by table, ready for JSON; without the address and without the queues."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with database.read() as session:
        thread = await session.scalar(select(Thread.id).where(Thread.chat == chat))
        for name, of in Base.metadata.tables.items():
            if name in (Outgoing.__tablename__, Update.__tablename__):
                continue
            keys = {Chat.__tablename__: chat, Thread.__tablename__: thread}
            owner = next(
                (
                    (key.parent, keys[key.column.table.name])
                    for key in of.foreign_keys
                    if key.column.table.name in keys
                ),
                (of.c.id, chat) if name == Chat.__tablename__ else None,
            )
            if owner is None:
                continue
            rows = await session.execute(select(of).where(owner[0] == owner[1]).order_by(*of.primary_key))
            found[name] = [{k: _plain(v) for k, v in row._mapping.items() if k != "address"} for row in rows]
    return found


async def nightly(database: Database, settings: Settings) -> None:
    """Purge each night until cancelled; an error is logged and the purge tried again an hour later."""
    while True:
        try:
            await asyncio.sleep(await _pause(database))
            report = await purge(database, settings)
            if report is not None:
                logger.info("purged %d messages, %d chats", report.messages, report.chats)
            else:
                await asyncio.sleep(_RETRY_S)
        except (SQLAlchemyError, OSError) as error:
            logger.error("the purge failed: %s\n%s", error.__class__.__name__, where(error))
            heed_cancellation()
            await asyncio.sleep(_RETRY_S)


async def _pause(database: Database) -> float:
    """Seconds until the next purge."""
    moment = now()
    async with database.read() as session:
        last = await session.scalar(select(Purge.at).order_by(Purge.at.desc()).limit(1))
    if last is None or last < moment - MISSED_AFTER:
        return 60.0
    return (next_night(moment) - moment).total_seconds()


async def _due(database: Database, before: datetime) -> Sequence[str]:
    """Some chats with something that is due: old messages, or nothing but their row."""
    silent = and_(Chat.seen_at < before, ~exists().where(Message.chat == Chat.id))
    async with database.read() as session:
        oldest = select(Message.chat).where(Message.at < before).order_by(Message.at).limit(CHATS_AT_ONCE)
        names = (await session.scalars(oldest)).all()
        return names or (await session.scalars(select(Chat.id).where(silent).limit(CHATS_AT_ONCE))).all()


async def _delete_old(session: AsyncSession, chats: Sequence[str], before: datetime) -> int:
    old = and_(Message.chat.in_(chats), Message.at < before)
    gone = set((await session.scalars(select(Message.id).where(old))).all())
    await session.execute(delete(Outgoing).where(Outgoing.chat.in_(chats), Outgoing.created_at < before))
    await session.execute(delete(Message).where(old))
    # what the inbox shows of a conversation must be there
    for thread in await session.scalars(select(Thread).where(Thread.chat.in_(chats))):
        if thread.head in gone:
            last = select(Message).where(Message.chat == thread.chat, Message.direction == "in")
            head = await session.scalar(last.order_by(Message.at.desc()).limit(1))
            values = (head.id, head.topic, head.confidence) if head else (None, None, None)
            thread.head, thread.topic, thread.confidence = values
    return len(gone)


async def _delete_empty(session: AsyncSession, chats: Sequence[str], before: datetime) -> int:
    """Chats without a message left go whole, with what staff wrote about them."""
    empty = and_(Chat.id.in_(chats), Chat.seen_at < before, ~exists().where(Message.chat == Chat.id))
    names = (await session.scalars(select(Chat.id).where(empty))).all()
    await session.execute(delete(Chat).where(Chat.id.in_(names)))
    return len(names)


async def _sweep(database: Database, settings: Settings) -> None:
    """Take what was deleted out of the files of both records."""
    await database.sweep()
    url = settings.tracker_database()
    if url.drivername == "sqlite" and _is_there(url):
        await sweep_file(Path(url.database or ""))


async def _delete_events(settings: Settings, which: Any) -> int:
    """Delete events of the dialogue engine's own record; none where it has none yet."""
    url = settings.tracker_database()
    if not _is_there(url):
        return 0
    url = url.set(drivername=_ASYNC[url.drivername])
    engine = create_async_engine(url)
    try:
        return await _delete_from(engine, which)
    finally:
        await engine.dispose()


def _is_there(url: URL) -> bool:
    # asking a SQLite file that is not there would make it
    return url.drivername != "sqlite" or Path(url.database or "").exists()


async def _delete_from(engine: AsyncEngine, which: Any) -> int:
    async with engine.begin() as connection:
        if not await connection.run_sync(lambda sync: inspect(sync).has_table("events")):
            return 0
        events = table("events", column("timestamp"), column("sender_id"))
        return (await connection.execute(delete(events).where(which))).rowcount


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
