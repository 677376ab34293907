"""Migrations: bring a database to the newest schema with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6465736D69  # "desmi": the number of our advisory lock


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


async def upgrade(engine: AsyncEngine) -> None:
    """Create or upgrade the schema; does nothing when it is the newest."""
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # two programs that start at once; SQLite's write lock does the same
            await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the schema is the newest."""
    head = ScriptDirectory.from_config(_config()).get_current_head()

    def check(sync: Connection) -> bool:
        return MigrationContext.configure(sync).get_current_revision() == head

    async with engine.connect() as connection:
        return await connection.run_sync(check)
