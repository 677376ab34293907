import pytest
from sqlalchemy import event

from bot.client import make_client
from core.guard import default_guard
from core.keys import Keys
from tests.bot.fakes import TOKEN
from tests.conftest import SECRET


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
