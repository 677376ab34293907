"""Erasing: a chat's messages out of Telegram as far as it allows, and out of the database."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import limits
from core import erasure, threads
from core.storage import models
from core.storage.types import now

DELETE = "delete_messages"
FORGET = "forget"
"""Not a call of the Bot API: it deletes the chat once everything before it has been sent."""

_ROOM = 4
"""Places in a deletion for what is on its way when the wish comes: in one chat a single message, or edits of it."""


async def take_out(
    session: AsyncSession,
    chat: str,
    *,
    tapped: int | None = None,
    keep: int | None = None,
    asked: int | None = None,
) -> None:
    """Delete our rows about a chat, and queue what takes its messages out of Telegram.

    In a private chat a bot may delete the person's messages, too: what stays on the phone can be read there.

    Args:
        session: The transaction.
        chat: The chat's pseudonym.
        tapped: Telegram's id of the message under whose button the wish came.
        keep: Telegram's id of the one that will tell that all is gone.
        asked: The `messages` row of the wish itself, which stays until all is done.
    """
    oldest = now() - timedelta(hours=limits.DELETE_HOURS)
    ours = await session.scalars(
        select(models.Outgoing.external_id).where(
            models.Outgoing.chat == chat,
            models.Outgoing.external_id.is_not(None),
            models.Outgoing.sent_at > oldest,
        )
    )
    theirs = await session.scalars(
        select(models.Update.said_id).where(
            models.Update.chat == chat,
            models.Update.said_id.is_not(None),
            models.Update.received_at > oldest,
        )
    )
    numbers = sorted({number for number in (*ours, *theirs, tapped) if number is not None} - {keep})
    await threads.forget(session, chat)  # before its messages: it finds the words by them
    await session.execute(
        delete(models.Outgoing).where(
            models.Outgoing.chat == chat, models.Outgoing.state.not_in(("sending",))
        )
    )
    others = models.Message.chat == chat
    await session.execute(
        delete(models.Message).where(others if asked is None else others & (models.Message.id != asked))
    )
    await erasure.erase(session, chat)
    at_once = limits.DELETE_AT_ONCE - _ROOM
    for start in range(0, len(numbers), at_once):
        some = numbers[start : start + at_once]
        # whoever is watched cannot wait for a queue
        session.add(models.Outgoing(chat=chat, call={"method": DELETE, "message_ids": some}, urgent=True))
        await session.flush()


async def with_late_ones(session: AsyncSession, row: models.Outgoing) -> list[int]:
    """What a deletion deletes, with what was on its way when the wish came: its number was not known then.

    All else that is older has left the outbox; the message that the last word goes into stays.
    """
    table = models.Outgoing
    late = await session.scalars(
        select(table.external_id).where(
            table.chat == row.chat, table.id < row.id, table.external_id.is_not(None)
        )
    )
    later = await session.scalars(select(table).where(table.chat == row.chat, table.id > row.id))
    kept = {each.call.get("message_id") for each in later}
    return sorted({*row.call["message_ids"], *late} - kept)
