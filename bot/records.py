"""Records: the outbox's rows in the database, each change one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from bot.erasing import DELETE, FORGET, take_out, with_late_ones
from bot.render import Call, render
from core import handover
from core.languages import mark as _
from core.languages import translator
from core.menus import back_row, topic_choice
from core.outgoing import ERASE, REPLY
from core.replies import Reply
from core.storage import Database, models
from core.storage.review import Erasure
from core.storage.types import now
from core.topics import topics

_MAYBE_LOST = _(
    "Jawaban saya tadi mungkin belum sampai karena gangguan jaringan. Kalau belum terlihat, tekan tombol ini."
)
_SHOW_AGAIN = _("Lihat jawaban")


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is being sent; `attempts` counts this one, `address` is Telegram's chat id."""

    id: int
    address: int
    call: Call
    urgent: bool
    attempts: int


async def requeue(database: Database) -> None:
    """After a restart: what was under way may not have arrived, so it is sent again."""
    async with database.begin() as session:
        await session.execute(
            change(models.Outgoing).where(models.Outgoing.state == "sending").values(state="queued")
        )


async def claim(database: Database, number: int) -> Claim | None:
    """Mark a queued row as being sent; None when it is no longer queued or its chat cannot be reached."""
    async with database.begin() as session:
        row = await session.get(models.Outgoing, number)
        if row is None or row.state != "queued":
            return None
        chat = await session.get_one(models.Chat, row.chat)
        if row.call.get("method") == ERASE:
            await take_out(session, row.chat)  # this row too
            session.add(models.Outgoing(chat=row.chat, call={"method": FORGET}))
            return None
        if not chat.active and row.call.get("method") != FORGET:
            row.state, row.error, row.call = "failed", "the chat is not active", {}
            return None
        if await _waits_for_desmi(session, row):
            row.state = "held"
            return None
        if row.call.get("method") == REPLY:
            first, *more = render(Reply.from_dict(row.call["reply"]), row.call["language"])
            row.call = first
            for call in more:
                session.add(models.Outgoing(chat=row.chat, message=row.message, call=call, urgent=row.urgent))
        if row.call.get("method") == DELETE:
            row.call = row.call | {"message_ids": await with_late_ones(session, row)}
        row.state = "sending"
        row.attempts += 1
        return Claim(row.id, int(chat.address), row.call, row.urgent, row.attempts)


async def _waits_for_desmi(session: AsyncSession, row: models.Outgoing) -> bool:
    """Whether a person has the chat, and this is nothing that is said beside a person.

    What Desmi said before the person came is older than that and still goes out.
    """
    if row.message is None:
        return False
    found = await handover.live(session, row.chat)
    if found is None or found.taken_at is None or row.created_at <= found.taken_at:
        return False
    message = await session.get(models.Message, row.message)
    return message is not None and message.kind not in handover.PASSES


async def record(database: Database, number: int, values: Mapping[str, object]) -> None:
    """Write what came of a call."""
    written = dict(values)
    if written.get("state") == "sent":
        written["sent_at"] = now()
    async with database.begin() as session:
        await session.execute(change(models.Outgoing).where(models.Outgoing.id == number).values(**written))


async def fail_chat(database: Database, chat: str, error: str) -> None:
    """The person cannot be reached any more: the chat is inactive, its queue is given up.

    A wish to be forgotten stays: it needs no message.
    """
    async with database.begin() as session:
        await session.execute(change(models.Chat).where(models.Chat.id == chat).values(active=False))
        rows = await session.scalars(
            select(models.Outgoing).where(
                models.Outgoing.chat == chat, models.Outgoing.state.in_(("queued", "sending"))
            )
        )
        for row in rows:
            if row.call.get("method") not in (FORGET, ERASE):
                row.state, row.error, row.call = "failed", error, {}


async def lose(database: Database, lost: Claim, error: str) -> None:
    """Nobody knows whether the message arrived: it is not sent again, but a note offers its answer.

    One note for a reply, whatever number of its messages was lost, and none for the note itself.
    """
    async with database.begin() as session:
        row = await session.get(models.Outgoing, lost.id)
        if row is None:
            return
        row.state, row.error, row.call = "unknown", error, {}
        if row.message is None:
            return
        others = select(func.count()).where(
            models.Outgoing.message == row.message,
            models.Outgoing.state == "unknown",
            models.Outgoing.id != row.id,
        )
        if await session.scalar(others):
            return
        chat = await session.get_one(models.Chat, row.chat)
        message = await session.get(models.Message, row.message)
        note = _note(chat.language, message.topic if message else None)
        for call in render(note, chat.language):
            session.add(models.Outgoing(chat=chat.id, call=call, urgent=row.urgent))


def _note(language: str, topic: str | None) -> Reply:
    t = translator(language)
    row = back_row(t)
    if topic is not None and topic in topics():
        row = (replace(topic_choice(t, topic), text=t.gettext(_SHOW_AGAIN)),)
    return Reply(t.gettext(_MAYBE_LOST), buttons=(row,))


async def forget(database: Database, chat: str, number: int) -> None:
    """Delete a chat with all its rows; what came or waits since the wish to be forgotten is kept."""
    async with database.begin() as session:
        if await _waits(session, chat, number):
            said = select(models.Update.message).where(
                models.Update.chat == chat, models.Update.done_at.is_(None)
            )
            await session.execute(
                delete(models.Message).where(models.Message.chat == chat, models.Message.id.not_in(said))
            )
            await session.execute(delete(models.Outgoing).where(models.Outgoing.id == number))
            await session.execute(delete(Erasure).where(Erasure.chat == chat))
            return
        await session.execute(delete(models.Chat).where(models.Chat.id == chat))
    await database.sweep()


async def _waits(session: AsyncSession, chat: str, number: int) -> bool:
    pending: Any = select(func.count()).where(models.Update.chat == chat, models.Update.done_at.is_(None))
    queued: Any = select(func.count()).where(
        models.Outgoing.chat == chat,
        models.Outgoing.state.in_(("queued", "sending")),
        models.Outgoing.id != number,
    )
    return bool(await session.scalar(pending)) or bool(await session.scalar(queued))
