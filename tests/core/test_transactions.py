"""Transactions that are broken off."""

import asyncio
import random

from sqlalchemy import select
from sqlalchemy import update as change

from core.storage import Database
from core.storage.models import Chat


async def test_what_is_broken_off_keeps_nobody_waiting(database: Database) -> None:
    """A cancelled transaction gives its lock back, although its traceback still knows a statement."""

    async def work() -> None:
        while True:
            async with database.begin() as session:
                for number in range(3):
                    (await session.get_one(Chat, f"{number:024}")).misses += 1
                    (await session.scalars(select(Chat))).first()
                await session.flush()

    async with database.begin() as session:
        session.add_all(Chat(id=f"{number:024}", address="1") for number in range(100))
    broken_off: list[BaseException] = []
    chance = random.Random(1)
    for _time in range(60):
        task = asyncio.create_task(work())
        await asyncio.sleep(chance.uniform(0.001, 0.03))
        task.cancel()
        try:
            await task
        except BaseException as error:
            broken_off.append(error)
        async with database.begin() as session:
            await session.execute(change(Chat).values(misses=0))
    assert len(broken_off) == 60
