"""The database: one asynchronous engine a process, SQLite in WAL mode or PostgreSQL."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from core.keys import Keys
from core.storage.types import use_keys

logger = logging.getLogger(__name__)

BUSY_MS = 10_000
"""How long a SQLite writer waits for another, in milliseconds."""
_RETRY_S = 0.02
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
        """Take what was erased out of SQLite's files, too; PostgreSQL's own vacuum does the same there."""
        if self.engine.dialect.name == "sqlite" and self.engine.url.database:
            await sweep_file(Path(self.engine.url.database))

    async def close(self) -> None:
        """Return all connections."""
        await self.engine.dispose()


async def sweep_file(path: Path) -> None:
    """Rebuild a SQLite file from its rows and empty its log; a file in use for too long is left, with an error logged.

    `secure_delete` is not enough: where SQLite moves rows between pages it leaves copies behind (measured: traces of
    2 in 100 erased names). Takes about 5 s a gigabyte, during which writers wait.
    """
    try:
        await asyncio.to_thread(_rebuild, path)
    except sqlite3.OperationalError as error:
        logger.error("%s could not be swept, the next erasure tries again: %s", path.name, error)


def _rebuild(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _write_ahead(cursor: Any) -> None:
    # two that open a new file at once: SQLite refuses one of them without waiting
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_RETRY_S)


def _pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # FULL: an acknowledged update must outlive a power cut
    # secure_delete: what was erased must not be readable in the file's free pages
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _write_ahead(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # take the write lock first: a read that turns into a write would fail at once, waiting or not
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _roll_back(connection: Any, _record: object, _error: object) -> None:
    # a connection that is closed while a statement is still known to anybody, such as the traceback of a cancelled
    # task, lives on in SQLite, and with it its transaction's lock
    with contextlib.suppress(Exception):
        connection.rollback()


def open_database(url: URL, keys: Keys) -> Database:
    """Open (not create) the database of `url`; encrypted columns use `keys`."""
    use_keys(keys)
    if url.drivername.startswith("sqlite"):
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(url, connect_args={"isolation_level": None})
        event.listen(engine.sync_engine, "connect", _pragmas)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
        event.listen(engine.sync_engine, "invalidate", _roll_back)
    else:
        engine = create_async_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)
    reading = engine.execution_options(**{_READS: True, "postgresql_readonly": True})
    return Database(
        engine,
        async_sessionmaker(engine, expire_on_commit=False),
        async_sessionmaker(reading, expire_on_commit=False),
    )
