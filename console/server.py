"""The server of the console."""

import asyncio
import logging

import uvicorn

from console.app import create_app
from core import logs
from core.keys import load_keys
from core.retention import nightly
from core.settings import Settings
from core.storage import open_database
from core.storage.migrate import is_current, upgrade

logger = logging.getLogger(__name__)


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
        purging = asyncio.create_task(nightly(database, settings))
        try:
            await server.serve()
        finally:
            purging.cancel()
        return 0 if server.started else 1
    finally:
        await database.close()
