"""The database: one asynchronous engine a process, SQLite in WAL mode or PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from core.keys import Keys
from core.storage.types import use_keys

BUSY_MS = 10_000
"""How long a SQLite writer waits for another, in milliseconds."""
_READS = "desmi_reads"


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; `begin` gives a session that commits at the end of its block, `read` one that only reads."""

    engine: AsyncEngine
    _sessions: async_sessionmaker[AsyncSession]
    _readers: async_sessionmaker[AsyncSession]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on an error."""
        async with self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and keeps no writer waiting; it must not write."""
        async with self._readers.begin() as session:
            yield session

    async def sweep(self) -> None:
        """Take what was erased out of SQLite's write-ahead log, too, as far as no reader is in the way."""
        if self.engine.dialect.name != "sqlite":
            return
        connection = await self.engine.raw_connection()
        try:  # past SQLAlchemy, which would open a transaction
            await connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        finally:
            connection.close()

    async def close(self) -> None:
        """Return all connections."""
        await self.engine.dispose()


def _pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # FULL: an acknowledged update must outlive a power cut
    # secure_delete: what was erased must not be readable in the file's free pages
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*pragmas, f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # take the write lock first: a read that turns into a write would fail at once, waiting or not
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def open_database(url: URL, keys: Keys) -> Database:
    """Open (not create) the database of `url`; encrypted columns use `keys`."""
    use_keys(keys)
    if url.drivername.startswith("sqlite"):
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(url, connect_args={"isolation_level": None})
        event.listen(engine.sync_engine, "connect", _pragmas)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    else:
        engine = create_async_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)
    reading = engine.execution_options(**{_READS: True, "postgresql_readonly": True})
    return Database(
        engine,
        async_sessionmaker(engine, expire_on_commit=False),
        async_sessionmaker(reading, expire_on_commit=False),
    )
