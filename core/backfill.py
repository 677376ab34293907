"""Back-fill: threads and search words of messages that were stored before there were any."""

from collections.abc import Callable

from sqlalchemy import exists, func, select

from core import threads
from core.keys import Keys
from core.storage import Database
from core.storage.models import Message
from core.storage.review import Thread

CHATS_AT_ONCE = 50
"""Chats in one transaction: a writer beside us waits no longer than for these."""


async def backfill(database: Database, keys: Keys, progress: Callable[[int, int], None]) -> int:
    """Make the threads that are missing; returns how many chats that were.

    Args:
        database: With the newest schema.
        keys: Those with which its messages were written.
        progress: Called with chats done and chats in all.
    """
    without = ~exists().where(Thread.chat == Message.chat)
    async with database.read() as session:
        chats = (await session.scalars(select(Message.chat).where(without).distinct())).all()
    for start in range(0, len(chats), CHATS_AT_ONCE):
        for chat in chats[start : start + CHATS_AT_ONCE]:
            await _replay(database, keys, chat)
        progress(min(start + CHATS_AT_ONCE, len(chats)), len(chats))
    return len(chats)


async def _replay(database: Database, keys: Keys, chat: str) -> None:
    async with database.begin() as session:
        if await session.scalar(select(func.count()).where(Thread.chat == chat)):
            return  # the bot was quicker
        said = await session.scalars(select(Message).where(Message.chat == chat).order_by(Message.id))
        for message in said.all():
            if message.direction == "in":
                await threads.heard(session, keys, message)
                await threads.understood(session, message)
            elif message.feedback is not None:
                await threads.rated(session, message, None)
