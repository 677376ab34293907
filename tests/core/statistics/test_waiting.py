"""The time until a person answers."""

from datetime import UTC, datetime, timedelta

from core.statistics.counts import Period
from core.statistics.waiting import waiting
from core.storage import Database
from core.storage.handovers import Handover
from core.storage.models import Chat

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


async def ask(database: Database, chats: range, minutes: int | None) -> None:
    async with database.begin() as session:
        for number in chats:
            chat = f"{number:024}"
            session.add(Chat(id=chat, address="1"))
            await session.flush()
            taken = None if minutes is None else NOW + timedelta(minutes=minutes + number)
            session.add(Handover(chat=chat, asked_at=NOW, taken_at=taken))


async def test_the_median_of_those_who_got_somebody(database: Database) -> None:
    await ask(database, range(7), 10)
    await ask(database, range(7, 12), None)
    async with database.read() as session:
        found = await waiting(session, Period.last(7, NOW))
    assert (found.asked.value, found.taken.value, found.minutes) == (12, 7, 13)


async def test_few_are_not_shown(database: Database) -> None:
    await ask(database, range(3), 10)
    async with database.read() as session:
        found = await waiting(session, Period.last(7, NOW))
    assert (str(found.asked), str(found.taken), found.minutes) == ("<5", "<5", None)


async def test_nobody_asked(database: Database) -> None:
    async with database.read() as session:
        found = await waiting(session, Period.last(7, NOW))
    assert (str(found.asked), str(found.taken), found.minutes) == ("0", "0", None)
