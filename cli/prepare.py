"""Make a machine ready: keys, database, content, model."""

import asyncio
import sys

from cli.model import train
from core.backfill import backfill
from core.catalogue import fill
from core.keys import load_keys
from core.learning import candidates, overlay
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
        indexed = await backfill(database, load_keys(settings), _say_progress)
        done += [f"{indexed} earlier conversations indexed"] if indexed else []
    finally:
        await database.close()
    return "Database: " + (", ".join(done) or "up to date")


def _say_progress(done: int, of: int) -> None:
    print(f"Indexing earlier conversations: {done} of {of}", file=sys.stderr, flush=True)


def prepare(settings: Settings) -> None:
    """Everything that `desmi run` needs: database and model."""
    asyncio.run(prepare_database(settings))
    asyncio.run(_prepare_sentences(settings))
    path = train()
    if candidates.served(settings.data_dir):
        # the data may have changed since a model was chosen
        overlay.announce(settings.data_dir, path.name)


async def _prepare_sentences(settings: Settings) -> None:
    """Bring the learnt sentences up to date with the database, before a training reads them."""
    keys = load_keys(settings)
    database = open_database(settings.database(), keys)
    try:
        await overlay.rewrite(database, keys, settings.data_dir)
    finally:
        await database.close()
