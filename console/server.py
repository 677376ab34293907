"""The server of the console."""

import asyncio
import logging

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from console.app import create_app
from core import logs
from core.cancellation import cancel_once, heed_cancellation
from core.keys import Keys, load_keys
from core.learning import overlay
from core.learning.export import ExportError
from core.retention import nightly
from core.settings import Settings
from core.statistics.kept import counting
from core.storage import Database, open_database
from core.storage.migrate import is_current, upgrade

logger = logging.getLogger(__name__)

TIDY_S = 60.0
"""How soon sentences are gone from the files once their writers take them back, in seconds."""


async def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    logs.configure(settings.log_level)
    keys = load_keys(settings)
    database = open_database(settings.database(), keys)
    try:
        if not await is_current(database.engine):
            await upgrade(database.engine)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings, database, keys),
                host=settings.console_host,
                port=settings.console_port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=3,
            )
        )
        beside = [
            asyncio.create_task(nightly(database, settings)),
            asyncio.create_task(counting(database)),
            asyncio.create_task(_keep_tidy(settings, database, keys)),
        ]
        try:
            await server.serve()
        finally:
            for task in beside:
                cancel_once(task)
            await asyncio.gather(*beside, return_exceptions=True)
        return 0 if server.started else 1
    finally:
        await database.close()


async def _keep_tidy(settings: Settings, database: Database, keys: Keys) -> None:
    """Keep the learnt sentences' files as the database has them."""
    while True:
        try:
            await overlay.rewrite(database, keys, settings.data_dir)
        except (SQLAlchemyError, OSError, ExportError) as error:
            logger.error("the learnt sentences were not brought up to date: %s", error.__class__.__name__)
            heed_cancellation()
        await asyncio.sleep(TIDY_S)
