"""Erasure: everything of a chat that lies in our tables, whichever modules they belong to.

Tables are found by their key to `chats`, so that one that is added later is erased, too. Rows whose key is set to null
with the chat's end (a report that was handed over) outlive it, without any trace of whose they were.
"""

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import threads
from core.outgoing import ERASE
from core.storage import models
from core.storage.models import Base
from core.storage.review import Erasure
from core.storage.staff import Audit

ERASED = "erased"
"""Stands in the audit log in place of a pseudonym: who looked and when stays, at whom goes."""

_BOTS_OWN = frozenset({"updates", "outbox", "messages"})
"""What the bot still needs to carry the wish out; it erases these itself."""


def keys_to_chats() -> list[tuple[Table, str, str]]:
    """Table, column and what the key does at a chat's end (`CASCADE`, `SET NULL`), for each key to `chats`."""
    return [
        (table, key.parent.name, (key.ondelete or "").upper())
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "chats"
    ]


async def erase(session: AsyncSession, chat: str) -> None:
    """Erase what was kept about a chat at once; its row, without what was known, stays until the bot is done."""
    for table, column, end in reversed(keys_to_chats()):
        mine = table.c[column] == chat
        if end == "SET NULL":
            await session.execute(update(table).where(mine).values({column: None}))
        elif table.name not in _BOTS_OWN:
            await session.execute(delete(table).where(mine))
    await session.execute(
        update(models.Chat)
        .where(models.Chat.id == chat)
        .values(
            country=None,
            danger=None,
            danger_at=None,
            misses=0,
            task=None,
            keeps=None,
            topics=[],
            topics_at=None,
            consent=None,
            consent_at=None,
            consent_asked_at=None,
        )
    )
    await session.execute(
        update(Audit).where(Audit.kind == "chat", Audit.name == chat).values(name=ERASED, detail={})
    )


async def ask(session: AsyncSession, chat: str, staff: str) -> None:
    """Erase a chat, and ask the edge to take its messages out of the channel and then to forget it.

    What is still needed for that stays until then: the chat's row, the channel's ids of messages, what came just now.
    """
    await threads.forget(session, chat)
    pending = select(models.Update.message).where(
        models.Update.chat == chat, models.Update.done_at.is_(None), models.Update.message.is_not(None)
    )
    await session.execute(
        delete(models.Message).where(models.Message.chat == chat, models.Message.id.not_in(pending))
    )
    await session.execute(
        delete(models.Outgoing).where(
            models.Outgoing.chat == chat, models.Outgoing.state.not_in(("sent", "sending"))
        )
    )
    await erase(session, chat)
    session.add(Erasure(chat=chat, staff=staff))
    session.add(models.Outgoing(chat=chat, call={"method": ERASE}, urgent=True))
