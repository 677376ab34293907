"""What the actions share: the database, and the atlas that is read from it once."""

import asyncio
from functools import lru_cache

from core.atlas import Atlas
from core.keys import load_keys
from core.settings import settings
from core.storage import Database, open_database


@lru_cache(maxsize=1)
def database() -> Database:
    """The process's database; its connections are opened by the loop that first uses them."""
    config = settings()
    return open_database(config.database(), load_keys(config))


async def _read() -> Atlas:
    config = settings()
    opened = open_database(config.database(), load_keys(config))  # of the loop that ends with this
    try:
        return await Atlas.read(opened)
    finally:
        await opened.close()


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """The process's atlas; the server calls this first, before its own loop runs."""
    return asyncio.run(_read())
