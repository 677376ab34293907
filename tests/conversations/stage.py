"""A bot at work over the Telegram double, with the real engine: what tests of whole conversations stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot import limits
from bot.client import make_client
from bot.service import Service
from core.assembly import build_conversation
from core.engine_client import EngineClient
from core.guard import default_guard
from core.hotlines import hotlines
from core.storage import Database, open_database
from tests.bot.fakes import Running as Edge
from tests.servers import Running
from tests.telegram_double import TelegramDouble
from tests.telegram_double.people import User

TOKEN = "123456:ABC"
UNPACED = 1_000_000
"""Messages to one chat at once: what is said is tested here, that Telegram's pace is kept in tests/bot/test_outbox.py."""


@asynccontextmanager
async def at_work(double: TelegramDouble, running: Running, database: Database) -> AsyncIterator[Edge]:
    """A bot on a database; another one on the same is what comes after a restart."""
    client = make_client(TOKEN, double.url)
    await client.initialize()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "CHAT_BURST", UNPACED)
        async with EngineClient(running.settings.rasa_url) as engine:
            service = Service(
                running.settings.model_copy(update={"telegram_mode": "polling"}),
                running.keys,
                database,
                client,
                build_conversation(engine, database),
                default_guard(),
                hotlines().numbers(),
                engine.forget,
            )
            edge = Edge(service)
            try:
                yield edge
            finally:
                await edge.stop()
                await client.shutdown()


@asynccontextmanager
async def opened(running: Running, database_url: str) -> AsyncIterator[Database]:
    """A database under the keys of the running servers."""
    settings = running.settings.model_copy(update={"database_url": database_url})
    database = open_database(settings.database(), running.keys)
    try:
        yield database
    finally:
        await database.close()


@dataclass(frozen=True)
class Stage:
    """A bot at work, a person in front of it, and the database behind it."""

    user: User
    double: TelegramDouble
    database: Database
    running: Running
    edge: Edge

    async def hears(self) -> str:
        """The text of the next message."""
        return (await self.user.next_message()).text


@asynccontextmanager
async def staged(double: TelegramDouble, running: Running, database_url: str) -> AsyncIterator[Stage]:
    """A bot on a database; the action server has its own unless it is given that one's address."""
    async with opened(running, database_url) as database, at_work(double, running, database) as edge:
        yield Stage(double.user("siti"), double, database, running, edge)


@pytest.fixture
async def stage(double: TelegramDouble, running: Running, database_url: str) -> AsyncIterator[Stage]:
    """A bot on an empty database of the test's own."""
    async with staged(double, running, database_url) as found:
        yield found
