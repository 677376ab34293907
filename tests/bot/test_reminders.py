"""Reminders of the bot: sent once whatever happens, never at night, never to the terminal."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.reminders import Scheduler
from core.reminder_store import AddReminder
from core.storage import Database, models, open_database
from core.storage.reminders import Reminder
from core.storage.types import now
from tests.bot.test_kill_edge import bot, engine_port  # noqa: F401

SET_AT = datetime(2026, 11, 25, 3, tzinfo=UTC)
DUE = datetime(2027, 3, 2, 3, tzinfo=UTC)
MEDICAL = AddReminder("one", "medical", date(2027, 3, 3), "Asia/Jakarta", "self")


async def remind(database: Database, chat: str, address: int, channel: str = "telegram") -> None:
    async with database.begin() as session:
        session.add(models.Chat(id=chat, channel=channel, address=str(address)))
        await session.flush()
        await MEDICAL.apply(session, chat, SET_AT)


def scheduler(database: Database, at: datetime = DUE) -> Scheduler:
    return Scheduler(database, lambda: None, lambda: at)


async def test_what_is_due_goes_into_the_outbox_once(database, rows):
    await remind(database, "chat", 7)
    await remind(database, "desk", 0, channel="terminal")
    assert await scheduler(database, DUE - timedelta(days=1)).send_due() == 0
    assert await scheduler(database).send_due() == 1
    assert await scheduler(database).send_due() == 0
    (queued,) = await rows(models.Outgoing)
    assert queued.chat == "chat"
    assert "Besok jadwal pemeriksaan kesehatan (3 Maret 2027)" in queued.call["text"]
    (message,) = await rows(models.Message)
    assert (message.direction, message.topic) == ("out", "task/reminders")
    assert message.id == queued.message


async def test_many_at_once_and_two_processes(database, database_url, settings_factory, keys, rows):
    for number in range(30):
        await remind(database, f"chat{number}", number + 1)
    second = open_database(settings_factory(database_url=database_url).database(), keys)
    try:
        sent = await asyncio.gather(
            *(scheduler(one).send_due() for one in (database, second, database, second))
        )
    finally:
        await second.close()
    assert sum(sent) == 30
    queued = await rows(models.Outgoing)
    assert sorted(row.chat for row in queued) == sorted(f"chat{number}" for number in range(30))


async def test_the_night_is_quiet(database, rows):
    await remind(database, "chat", 7)
    night = DUE + timedelta(hours=12)
    assert await scheduler(database, night).send_due() == 0
    assert await rows(models.Outgoing) == []
    assert await scheduler(database, night + timedelta(hours=10)).send_due() == 1


async def test_a_kind_that_is_gone_is_left_out(database, rows):
    await remind(database, "chat", 7)
    async with database.begin() as session:
        for row in await session.scalars(select(Reminder)):
            row.moment = "gone"
    assert await scheduler(database).send_due() == 0
    assert await rows(models.Outgoing) == []


async def test_a_failure_leaves_the_reminder_for_the_next_look(database, outage, rows):
    await remind(database, "chat", 7)
    outage.on = True
    with pytest.raises(OSError, match="down"):
        await scheduler(database).send_due()
    outage.on = False
    assert await scheduler(database).send_due() == 1


async def test_the_running_bot_sends_them(start, double, database, rows):
    person = double.user("siti")
    service = await start()
    await person.says("halo")
    await person.next_message()
    await service.stop()
    (chat,) = await rows(models.Chat)
    async with database.begin() as session:
        await MEDICAL.apply(session, chat.id, SET_AT)
        for row in await session.scalars(select(Reminder)):
            # due now, in a zone where it is day now
            row.due_at, row.zone = now() - timedelta(seconds=1), _daytime()
    await start()
    reminder = await person.next_message()
    assert "⏰" in reminder.text
    assert any("hentikan ini" in label for label in reminder.labels)


def _daytime() -> str:
    hours = (12 - now().hour) % 24
    return f"Etc/GMT{-hours:+d}" if hours <= 12 else f"Etc/GMT{24 - hours:+d}"


@pytest.mark.slow
async def test_kill_at_any_moment_sends_each_reminder_once(bot, double, database, database_url, rows):  # noqa: F811
    """Twenty people, the bot killed again and again while it sends; each has one row in the outbox at the end."""
    bot.environment |= {"DESMI_DATABASE_URL": database_url, "DESMI_TELEGRAM_MODE": "polling"}
    people = [double.user(f"orang {number}") for number in range(20)]
    for number, person in enumerate(people):
        person.chat.started = True
        await remind(database, f"chat{number}", person.id)
    async with database.begin() as session:
        for row in await session.scalars(select(Reminder)):
            if row.moment == "eve":
                row.due_at, row.zone = now() - timedelta(seconds=1), _daytime()

    def arrived() -> int:
        return sum(len(person.replies) for person in people)

    kills = 4
    await bot.start()
    for kill in range(kills):
        await double.until(lambda goal=kill * 5 + 1: arrived() >= goal, 60)
        await bot.kill()
        await bot.start()
    await double.until(lambda: all(person.replies for person in people), 60)
    # what was under way in the moment of a kill is sent again, even if it had arrived
    async with asyncio.timeout(60):
        while not all(row.state == "sent" for row in await rows(models.Outgoing)):  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0.1)
    assert await bot.stop() == 0
    assert sorted(row.chat for row in await rows(models.Outgoing)) == sorted(f"chat{n}" for n in range(20))
    # at most four messages are under way in the moment of a kill
    assert 20 <= arrived() <= 20 + 4 * kills
