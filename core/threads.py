"""Threads: what the inbox needs of each conversation, kept in step with the message log."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.keys import Keys
from core.search import hashes
from core.storage.models import Chat, Message
from core.storage.review import MessageWord, Thread
from core.topics import OUT_OF_SCOPE

REASONS: Mapping[str, int] = {
    "danger": 32,
    "waiting": 16,
    "thumbs_down": 8,
    "missed": 4,
    "unsure": 2,
    "repeated": 1,
}
"""Why a conversation needs staff, worst first: danger; waits for a person; an answer that did not help; not
understood; understood with little confidence; the same topic asked again."""

UNSURE = 0.5
"""Confidence below which a topic counts as unsure."""
REPEATED_WITHIN = timedelta(minutes=10)
"""A topic that comes again within this time was not answered well the first time."""


def worst(urgency: int) -> str | None:
    """The worst reason in an urgency; None where there is none."""
    return next((reason for reason, bit in REASONS.items() if urgency & bit), None)


async def thread_of(session: AsyncSession, chat: str) -> Thread:
    """The thread of a chat, locked for this transaction; made when there is none."""
    found = (await session.scalars(select(Thread).where(Thread.chat == chat).with_for_update())).one_or_none()
    if found is None:
        row = await session.get_one(Chat, chat)
        found = Thread(
            chat=chat, done=False, urgency=0, last_at=row.seen_at, messages=0, language=row.language,
            thumbs_up=0, thumbs_down=0,
        )  # fmt: skip
        session.add(found)
        await session.flush()
    return found


async def heard(session: AsyncSession, keys: Keys, message: Message) -> None:
    """Something came from a person; `message` is in the database, perhaps not yet understood."""
    thread = await thread_of(session, message.chat)
    if thread.done:
        thread.done, thread.urgency = False, 0
    thread.last_at = message.at
    thread.messages += 1
    if message.kind == "text":
        if not thread.urgency:
            _show(thread, message)
        session.add_all(
            MessageWord(word=word, thread=thread.id, message=message.id)
            for word in hashes(keys, message.text)
        )
    if message.danger:
        _raise(thread, "danger", message)
        thread.danger = message.danger


async def understood(session: AsyncSession, message: Message, regency: str | None = None) -> None:
    """A message was understood, or not; `regency` is the code of the area it asked for."""
    thread = await thread_of(session, message.chat)
    if regency is not None:
        thread.regency = regency
    if message.danger:
        _raise(thread, "danger", message)
        thread.danger = message.danger
    if message.kind == "text":
        thread.language = message.language
        if message.missed:
            _raise(thread, "missed", message)
        elif message.confidence is not None and message.confidence < UNSURE:
            _raise(thread, "unsure", message)
        if await _asked_again(session, message):
            _raise(thread, "repeated", message)
    if thread.head == message.id:
        _show(thread, message)


async def rated(session: AsyncSession, answer: Message, before: int | None) -> None:
    """An answer was found helpful or not; `before` is what was said of it earlier."""
    if answer.feedback == before:
        return
    thread = await thread_of(session, answer.chat)
    for value, change in ((before, -1), (answer.feedback, 1)):
        if value == 1:
            thread.thumbs_up = max(0, thread.thumbs_up + change)
        elif value == -1:
            thread.thumbs_down = max(0, thread.thumbs_down + change)
    if answer.feedback == -1:
        asked = await session.get(Message, answer.reply_to) if answer.reply_to else None
        if thread.done:
            thread.done, thread.urgency = False, 0
        _raise(thread, "thumbs_down", asked or answer)


async def flag(session: AsyncSession, chat: str, reason: str) -> None:
    """A conversation needs staff for a reason of `REASONS`, such as `waiting`."""
    thread = await thread_of(session, chat)
    if thread.done:
        thread.done, thread.urgency = False, 0
    thread.urgency |= REASONS[reason]


async def unflag(session: AsyncSession, chat: str, reason: str) -> None:
    """The reason is gone."""
    thread = await thread_of(session, chat)
    thread.urgency &= ~REASONS[reason]


async def forget(session: AsyncSession, chat: str) -> None:
    """Delete what staff wrote about a chat and what was known of it; its messages are deleted elsewhere."""
    said = select(Message.id).where(Message.chat == chat)
    await session.execute(delete(MessageWord).where(MessageWord.message.in_(said)))
    await session.execute(delete(Thread).where(Thread.chat == chat))


def _raise(thread: Thread, reason: str, message: Message) -> None:
    bit = REASONS[reason]
    if bit >= thread.urgency or thread.head is None:
        _show(thread, message)
    thread.urgency |= bit


def _show(thread: Thread, message: Message) -> None:
    thread.head, thread.topic, thread.confidence = message.id, message.topic, message.confidence


async def _asked_again(session: AsyncSession, message: Message) -> bool:
    if message.topic is None or message.topic == OUT_OF_SCOPE or message.missed:
        return False
    before = await session.scalar(
        select(Message.id)
        .where(
            Message.chat == message.chat,
            Message.direction == "in",
            Message.topic == message.topic,
            Message.at >= message.at - REPEATED_WITHIN,
            Message.at <= message.at,
            Message.kind == "text",
            Message.id != message.id,
        )
        .limit(1)
    )
    return before is not None
