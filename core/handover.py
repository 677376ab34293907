"""Handover: a chat in the hands of a person - asked for, taken, answered, given back.

The bot, the command line and the console all go through here; each change says its word to the chat in the same
transaction. While a handover is open, Desmi itself is silent: `PASSES` says what is sent all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from core import outgoing, person_replies, threads
from core.languages import mark as _
from core.languages import translator
from core.opening_hours import OpeningHours
from core.replies import Reply
from core.storage import models
from core.storage.handovers import Handover
from core.storage.staff import Staff
from core.tasks.effects import effect

State = Literal["", "waiting", "open"]

PASSES = frozenset({"staff", "card", "notice"})
"""Kinds of message that reach a chat while a person has it."""

OUTCOMES = {
    "solved": _("Terbantu"),
    "referred": _("Diarahkan ke kantor atau nomor lain"),
    "no_answer": _("Orangnya tidak membalas"),
    "other": _("Lainnya"),
}
"""How staff end a handover."""
ENDINGS = {
    "to_desmi": _("Dikembalikan ke Desmi"),
    "left": _("Orangnya kembali ke Desmi"),
    "expired": _("Habis waktu"),
}
"""How a handover ends otherwise."""

URGENT_FOR = timedelta(hours=24)
"""How long a danger that a chat told of makes its handover urgent."""
MAX_CHARS = 3500
"""Longest reply of staff: with room to spare in one message of any channel."""
SHOWN = 10
"""Messages of a chat that staff see beside its handover."""


class HandoverError(ValueError):
    """What was asked cannot be done; the message, a text to translate, says why."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who of the staff acts."""

    id: int
    name: str


async def live(session: AsyncSession, chat: str) -> Handover | None:
    """The chat's handover that is not closed."""
    found = select(Handover).where(Handover.chat == chat, Handover.state != "closed")
    return (await session.scalars(found)).one_or_none()


async def state(session: AsyncSession, chat: str) -> State:
    """Whether the chat waits for a person or is in a person's hands."""
    found = select(Handover.state).where(Handover.chat == chat, Handover.state != "closed")
    match await session.scalar(found):
        case "waiting":
            return "waiting"
        case "open":
            return "open"
    return ""


async def staffed(session: AsyncSession) -> bool:
    """Whether there is anybody who could answer."""
    return await session.scalar(select(Staff.id).where(Staff.active).limit(1)) is not None


async def ahead_of(session: AsyncSession, urgent: bool, asked_at: datetime) -> int:
    """How many wait before one who asked then."""
    earlier = Handover.asked_at < asked_at
    first = Handover.urgent & earlier if urgent else Handover.urgent | earlier
    waiting = select(func.count()).select_from(Handover).where(Handover.state == "waiting", first)
    return await session.scalar(waiting) or 0


async def queue(session: AsyncSession) -> Sequence[Handover]:
    """Everybody who waits or is in hand: danger first, then by time."""
    found = select(Handover).where(Handover.state.in_(("waiting", "open")))
    return (await session.scalars(found.order_by(Handover.urgent.desc(), Handover.asked_at))).all()


async def officer(session: AsyncSession, name: str) -> Officer:
    """The active staff member of a name; raises `HandoverError`."""
    row = (await session.scalars(select(Staff).where(Staff.name == name, Staff.active))).one_or_none()
    if row is None:
        raise HandoverError(_("Tidak ada petugas aktif dengan nama itu."))
    return Officer(row.id, row.name)


async def ask(
    session: AsyncSession, chat: str, moment: datetime, about: str = "", topic: str | None = None
) -> Handover:
    """Put a chat into the queue; one that is in it already stays where it is."""
    row = await session.get_one(models.Chat, chat, with_for_update=True)
    found = await live(session, chat)
    if found is None:
        urgent = is_urgent(row, moment)
        found = Handover(
            chat=chat,
            urgent=urgent,
            topic=row.danger if urgent else topic,
            about=about,
            language=row.language,
            asked_at=moment,
            last_person_at=moment,
        )
        session.add(found)
        await threads.flag(session, chat, "waiting")
    elif about:
        found.about = about
    await session.flush()
    return found


def is_urgent(chat: models.Chat, moment: datetime) -> bool:
    """Whether the chat told of danger lately."""
    return chat.danger_at is not None and moment - chat.danger_at < URGENT_FOR


async def flag(session: AsyncSession, chat: str, danger: str) -> None:
    """The chat told of danger: if it waits or is in hand, it goes first."""
    await session.execute(
        change(Handover)
        .where(Handover.chat == chat, Handover.state != "closed")
        .values(urgent=True, topic=danger)
    )


async def take(session: AsyncSession, number: int, by: Officer, moment: datetime) -> Handover:
    """Take a waiting chat in hand; taking one's own again changes nothing."""
    found = await _locked(session, number)
    if found.state == "open" and found.staff != by.id:
        raise HandoverError(_("Percakapan ini sudah ditangani petugas lain."))
    if found.state == "waiting":
        found.state, found.staff, found.staff_name = "open", by.id, by.name
        found.taken_at = found.last_staff_at = moment
        await threads.unflag(session, found.chat, "waiting")
        await _say(session, found, person_replies.taken, urgent=True)
    return found


async def reply(session: AsyncSession, number: int, by: Officer, text: str, moment: datetime) -> Handover:
    """Write to a chat; one that waits is taken in hand by it."""
    text = text.strip()
    if not text:
        raise HandoverError(_("Pesannya kosong."))
    if len(text) > MAX_CHARS:
        raise HandoverError(_("Pesannya terlalu panjang. Bagi menjadi beberapa pesan."))
    found = await take(session, number, by, moment)
    chat = await session.get_one(models.Chat, found.chat)
    found.last_staff_at = moment
    said = person_replies.from_staff(translator(chat.language), text)
    await outgoing.say(session, chat, said, "staff", urgent=True)
    return found


async def close(session: AsyncSession, number: int, outcome: str, moment: datetime) -> Handover:
    """End a handover by staff; the chat is told that Desmi answers again."""
    if outcome not in OUTCOMES and outcome != "to_desmi":
        raise HandoverError(_("Hasil itu tidak dikenal."))
    found = await _locked(session, number)
    await _say(session, found, person_replies.given_back)
    await _end(session, found, outcome, moment)
    return found


async def leave(session: AsyncSession, chat: str, moment: datetime) -> None:
    """The person goes back to Desmi, from the queue or from a talk."""
    found = await live(session, chat)
    if found is not None:
        await _end(session, found, "left", moment)


async def expire(session: AsyncSession, hours: OpeningHours, moment: datetime) -> list[str]:
    """Give back the chats that nobody took, or in which nobody wrote any more; returns their pseudonyms."""
    given_back: list[str] = []
    for found in await queue(session):
        if found.state == "waiting":
            late = hours.open_time(found.asked_at, moment) > hours.wait_at_most
            words = person_replies.nobody_came
        else:
            staff, person = found.last_staff_at or found.asked_at, found.last_person_at or found.asked_at
            late = moment - max(staff, person) > hours.reply_within
            words = person_replies.timed_out if person > staff else person_replies.gone_quiet
        if not late:
            continue
        found = await _locked(session, found.id)
        await _say(session, found, words)
        await _end(session, found, "expired", moment)
        given_back.append(found.chat)
    return given_back


async def said(session: AsyncSession, chat: str, last: int = SHOWN) -> list[models.Message]:
    """The last messages of a chat, the oldest first."""
    found = select(models.Message).where(models.Message.chat == chat, models.Message.text != "")
    rows = await session.scalars(found.order_by(models.Message.id.desc()).limit(last))
    return list(reversed(rows.all()))


async def _locked(session: AsyncSession, number: int) -> Handover:
    """A handover that is not closed, with its chat locked: a turn of the bot comes before or after, not between."""
    chat = await session.scalar(select(Handover.chat).where(Handover.id == number))
    if chat is None:
        raise HandoverError(_("Percakapan itu tidak ada; mungkin orangnya sudah menghapus datanya."))
    await session.get_one(models.Chat, chat, with_for_update=True)
    found = await session.get_one(Handover, number, populate_existing=True)
    if found.state == "closed":
        raise HandoverError(_("Percakapan ini sudah ditutup."))
    return found


async def _say(
    session: AsyncSession, found: Handover, words: person_replies.Words, urgent: bool = False
) -> None:
    chat = await session.get_one(models.Chat, found.chat)
    said: Reply = words(translator(chat.language))
    await outgoing.say(session, chat, said, "notice", urgent=urgent)


async def _end(session: AsyncSession, found: Handover, outcome: str, moment: datetime) -> None:
    found.state, found.outcome, found.closed_at = "closed", outcome, moment
    await threads.unflag(session, found.chat, "waiting")
    await session.flush()
    # what was held back meanwhile goes out now
    await session.execute(
        change(models.Outgoing)
        .where(models.Outgoing.chat == found.chat, models.Outgoing.state == "held")
        .values(state="queued")
    )


@effect("handover_ask")
@dataclass(frozen=True, slots=True)
class Ask:
    """Puts the chat into the queue."""

    about: str = ""
    topic: str | None = None

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        await ask(session, chat, moment, self.about, self.topic)


@effect("handover_heard")
@dataclass(frozen=True, slots=True)
class Heard:
    """The person wrote something to the one who has the chat."""

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        found = await live(session, chat)
        if found is not None:
            found.last_person_at = moment


@effect("handover_leave")
@dataclass(frozen=True, slots=True)
class Leave:
    """The person goes back to Desmi."""

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        await leave(session, chat, moment)
