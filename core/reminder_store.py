"""Reminders in the database: set, listed, stopped, and claimed when they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from core.reminders import reminders
from core.storage import Database, models
from core.storage.reminders import Reminder
from core.tasks.effects import effect


@effect("add_reminder")
@dataclass(frozen=True, slots=True)
class AddReminder:
    """Remind of a date; one of the same kind for the same person is replaced."""

    event: str
    kind: str
    day: date
    zone: str
    who: str
    country: str | None = None

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        held = await session.scalars(
            select(Reminder).where(Reminder.chat == chat, Reminder.kind == self.kind)
        )
        for row in held:
            if row.note.get("who") == self.who:
                await session.delete(row)
        kind = reminders().kinds[self.kind]
        note = {"day": self.day.isoformat(), "who": self.who}
        for due in reminders().plan(kind, self.day, self.zone, self.country, moment):
            session.add(
                Reminder(
                    chat=chat,
                    event=self.event,
                    kind=self.kind,
                    moment=due.moment.id,
                    zone=self.zone,
                    due_at=due.at,
                    note=note,
                    created_at=moment,
                )
            )


@effect("stop_reminders")
@dataclass(frozen=True, slots=True)
class StopReminders:
    """Take reminders away: those of one event, or all."""

    event: str | None = None

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        gone = delete(Reminder).where(Reminder.chat == chat)
        if self.event is not None:
            gone = gone.where(Reminder.event == self.event)
        await session.execute(gone)


@dataclass(frozen=True, slots=True)
class SetReminder:
    """A date of which somebody is still to be reminded; `next_at` UTC."""

    event: str
    kind: str
    day: date
    who: str
    zone: str
    next_at: datetime


async def still_to_come(database: Database, chat: str) -> list[SetReminder]:
    """What a chat is to be reminded of, the soonest first."""
    async with database.read() as session:
        rows = await session.scalars(
            select(Reminder)
            .where(Reminder.chat == chat, Reminder.sent_at.is_(None))
            .order_by(Reminder.due_at, Reminder.id)
        )
        found: dict[str, SetReminder] = {}
        for row in rows:
            if row.kind in reminders().kinds:
                day, who = date.fromisoformat(row.note["day"]), str(row.note["who"])
                found.setdefault(row.event, SetReminder(row.event, row.kind, day, who, row.zone, row.due_at))
        return list(found.values())


async def due(database: Database, channel: str, now: datetime, most: int) -> Sequence[int]:
    """Ids of what is due on a channel, the oldest first."""
    async with database.read() as session:
        found = await session.scalars(
            select(Reminder.id)
            .join(models.Chat, models.Chat.id == Reminder.chat)
            .where(
                Reminder.sent_at.is_(None),
                Reminder.due_at <= now,
                models.Chat.channel == channel,
                models.Chat.active.is_(True),
            )
            .order_by(Reminder.due_at, Reminder.id)
            .limit(most)
        )
        return list(found)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A reminder that is this transaction's to send."""

    chat: str
    language: str
    event: str
    kind: str
    moment: str
    day: date
    who: str
    zone: str


async def claim(session: AsyncSession, number: int, now: datetime) -> Claimed | None:
    """Take a due reminder and mark it as sent, in the transaction that puts its message into the outbox.

    None when another process has it, when it is gone, when it is night where the person is (it is put off to the
    morning), or when a later one of the same event is due as well and says the same better.
    """
    row = await session.scalar(
        select(Reminder)
        .where(Reminder.id == number, Reminder.sent_at.is_(None), Reminder.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    morning = reminders().wakes(row.zone, now)
    if morning is not None:
        row.due_at = max(morning, now + timedelta(seconds=1))
        return None
    row.sent_at = now
    later = await session.scalar(
        select(Reminder.id).where(
            Reminder.chat == row.chat,
            Reminder.event == row.event,
            Reminder.sent_at.is_(None),
            Reminder.due_at <= now,
            or_(Reminder.due_at > row.due_at, and_(Reminder.due_at == row.due_at, Reminder.id > row.id)),
        )
    )
    if later is not None:
        return None
    await session.execute(
        change(Reminder)
        .where(
            Reminder.chat == row.chat,
            Reminder.event == row.event,
            Reminder.sent_at.is_(None),
            Reminder.due_at <= now,
        )
        .values(sent_at=now)
    )
    chat = await session.get_one(models.Chat, row.chat)
    day = date.fromisoformat(row.note["day"])
    return Claimed(
        row.chat, chat.language, row.event, row.kind, row.moment, day, str(row.note["who"]), row.zone
    )
