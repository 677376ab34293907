"""What the actions share: the database and the place finder, opened on first use."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache

from core.catalogue import load_areas, load_centres, load_offices
from core.centres import Centre, Office
from core.gazetteer import Gazetteer
from core.keys import load_keys
from core.places import PlaceFinder
from core.settings import settings
from core.storage import open_database


@dataclass(frozen=True, slots=True)
class Atlas:
    """All places, centres and offices of the database."""

    finder: PlaceFinder
    centres: tuple[Centre, ...]
    offices: tuple[Office, ...]


async def read_atlas() -> Atlas:
    """Read everything from the database; takes about two seconds."""
    config = settings()
    database = open_database(config.database(), load_keys(config))
    try:
        gazetteer = Gazetteer.from_areas(await load_areas(database))
        centres, offices = await load_centres(database), await load_offices(database)
    finally:
        await database.close()
    return Atlas(PlaceFinder.with_aliases(gazetteer, centres), tuple(centres), tuple(offices))


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """The process's atlas; call once at start, before the server's loop runs."""
    return asyncio.run(read_atlas())
