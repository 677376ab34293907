"""What the actions share: the atlas, read from the database once."""

import asyncio
from functools import lru_cache

from core.atlas import Atlas
from core.keys import load_keys
from core.settings import settings
from core.storage import open_database


async def _read() -> Atlas:
    config = settings()
    database = open_database(config.database(), load_keys(config))
    try:
        return await Atlas.read(database)
    finally:
        await database.close()


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """The process's atlas; the server calls this first, before its own loop runs."""
    return asyncio.run(_read())
