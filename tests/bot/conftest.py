import pytest
from sqlalchemy import event, inspect, select

from bot.client import make_client
from bot.service import Service
from core.guard import default_guard
from core.keys import Keys
from tests.bot.fakes import TOKEN, EchoHandler, Running
from tests.bot.office import Office
from tests.conftest import SECRET, free_port


@pytest.fixture
def keys():
    return Keys.from_secret(SECRET)


@pytest.fixture(scope="session")
def guard():
    return default_guard()


class Outage:
    """Makes every transaction of a database fail while `on`."""

    def __init__(self, database):
        self.on = False
        event.listen(database.engine.sync_engine, "begin", self._begin)

    def _begin(self, connection):
        if self.on:
            raise OSError("the database is down")


@pytest.fixture
def outage(database):
    return Outage(database)


@pytest.fixture
async def client(double):
    opened = make_client(TOKEN, double.url)
    await opened.initialize()
    yield opened
    await opened.shutdown()


@pytest.fixture
async def office(database, client, double):
    made = Office(database, client, double)
    yield made
    await made.stop()


@pytest.fixture
def handler():
    return EchoHandler()


@pytest.fixture
async def start(database, double, keys, guard, handler, settings_factory):
    """Starts services on the same database and double; all are stopped at the end."""
    started = []

    async def make(mode="polling", **settings):
        port = free_port()
        more = {"telegram_mode": mode, "telegram_api_url": double.url}
        if mode == "webhook":
            more |= {"webhook_url": f"http://127.0.0.1:{port}", "webhook_port": port}
        client = make_client(TOKEN, double.url)
        await client.initialize()
        chosen = settings_factory(**(more | settings))
        running = Running(
            Service(chosen, keys, database, client, handler, guard, frozenset({"0-800-1000"}), handler.forget)
        )
        started.append((running, client))
        return running

    yield make
    for running, client in started:
        await running.stop()
        await client.shutdown()


@pytest.fixture
def rows(database):
    """Reads a table in the order of its primary key: PostgreSQL returns changed rows in any order."""

    async def read(table):
        async with database.begin() as session:
            return list((await session.scalars(select(table).order_by(*inspect(table).primary_key))).all())

    return read
