import pytest
from sqlalchemy import event

from core.guard import default_guard
from core.keys import Keys
from core.storage import open_database
from core.storage.migrate import upgrade
from tests.bot.fakes import SECRET


@pytest.fixture
def keys():
    return Keys.from_secret(SECRET)


@pytest.fixture
async def database(tmp_path, keys):
    from sqlalchemy.engine import make_url

    opened = open_database(make_url(f"sqlite+aiosqlite:///{tmp_path}/desmi.db"), keys)
    await upgrade(opened.engine)
    yield opened
    await opened.close()


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
