"""Tables are counted beside the pages, kept protected, and counted anew when they are too old."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from core.statistics import kept as module
from core.statistics.counts import PERIODS
from core.statistics.kept import TABLES, counting, kept, recount
from core.statistics.suppression import Cell
from core.storage import Database
from core.storage.models import Chat, Message
from core.storage.quality import Counted
from core.storage.types import now

TOPIC = "documents/passport"


async def ask(database: Database, *chats: int) -> None:
    async with database.begin() as session:
        for number in chats:
            session.add(Chat(id=f"{number:024}", address="1"))
            await session.flush()
            said = {"chat": f"{number:024}", "direction": "in", "kind": "text", "text": "a", "language": "jv"}
            session.add(Message(**said, topic=TOPIC))
            near = [{"topic": TOPIC, "confidence": 0.2}]
            session.add(Message(**said, missed=True, alternatives=near))


async def asked(database: Database, name: str = "all") -> Cell:
    (line,) = (await kept(database, 7, name))[name].lines
    return line.cells["questions" if name == "all" else "missed"]


async def test_a_table_is_shown_again_until_it_is_counted(database: Database) -> None:
    await ask(database, *range(6))
    assert await asked(database) == Cell(12)
    assert await asked(database, "nearly") == Cell(6)
    await ask(database, 6)
    assert await asked(database) == Cell(12)
    await recount(database)
    assert await asked(database) == Cell(14)
    assert await asked(database, "nearly") == Cell(7)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Counted)) == len(TABLES) * len(PERIODS)


async def test_nothing_small_is_kept_and_what_was_erased_is_counted_no_more(database: Database) -> None:
    await ask(database, *range(6))
    await recount(database)
    async with database.begin() as session:
        await session.execute(delete(Chat).where(Chat.id < f"{3:024}"))
    await recount(database)
    assert await asked(database) == Cell(None, "<5")
    async with database.read() as session:
        lines = (await session.scalars(select(Counted.lines))).all()
    numbers = [number for table in lines for _key, cells in table for number, _sign in cells.values()]
    assert not [number for number in numbers if number]


async def test_a_table_that_nobody_keeps_is_counted_for_the_page(database: Database) -> None:
    await ask(database, *range(6))
    await asked(database)
    await ask(database, 6)
    async with database.begin() as session:
        await session.execute(update(Counted).values(at=now() - module.TOO_OLD))
    assert await asked(database) == Cell(14)


async def test_counting_goes_on_after_an_error(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await ask(database, *range(6))
    monkeypatch.setattr(module, "PAUSE_S", 0.0)
    monkeypatch.setattr(module, "SHARE", 0)
    rounds: list[datetime] = []
    over = asyncio.Event()

    async def broken_at_first(database: Database) -> None:
        rounds.append(datetime.now(UTC))
        if len(rounds) == 1:
            raise OSError("no disk")
        await recount(database)
        over.set()

    monkeypatch.setattr(module, "recount", broken_at_first)
    task = asyncio.create_task(counting(database))
    await over.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert now() - (await kept(database, 7, "all"))["all"].at < timedelta(minutes=1)
    assert await asked(database) == Cell(12)
