"""Make a machine ready: keys, database, content, model."""

import asyncio
import sys

from cli.model import train
from core.catalogue import fill
from core.keys import load_keys
from core.settings import Settings
from core.storage import open_database
from core.storage.migrate import is_current, upgrade


async def prepare_database(settings: Settings) -> str:
    """Create, upgrade and fill the database; returns what was done in words."""
    database = open_database(settings.database(), load_keys(settings))
    done: list[str] = []
    try:
        if not await is_current(database.engine):
            print("Preparing the database ...", file=sys.stderr, flush=True)
            await upgrade(database.engine)
            done.append("schema upgraded")
        done += [f"{name} filled" for name in await fill(database)]
    finally:
        await database.close()
    return "Database: " + (", ".join(done) or "up to date")


def prepare(settings: Settings) -> None:
    """Everything that `desmi run` needs: database and model."""
    asyncio.run(prepare_database(settings))
    train()
