"""Rasa's SQL tracker store with the conversation encrypted at rest."""

import os
import sqlite3
import time
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.types import TypeDecorator

KEY_VARIABLE = "DESMI_STORAGE_KEY"
"""The launcher of `desmi run` puts the storage key here; it is never written to a file."""
BUSY_S = 10
"""How long one writer waits for another."""


class EncryptedText(TypeDecorator):  # type: ignore[type-arg]  # generic from SQLAlchemy 2 on; Rasa needs 1.4
    """Text that is encrypted in the database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Encrypt."""
        return None if value is None else _fernet().encrypt(value.encode("utf-8", "replace")).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        """Decrypt."""
        return None if value is None else _fernet().decrypt(value.encode("ascii")).decode("utf-8")


def _fernet() -> Fernet:
    return Fernet(os.environ[KEY_VARIABLE].encode("ascii"))


class EncryptedTrackerStore(SQLTrackerStore):
    """`url` is a SQLAlchemy 1.4 address; the table is Rasa's `events` with its data column encrypted."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the store; `host` is what Rasa calls the configured `url`."""
        self.SQLEvent.__table__.c.data.type = EncryptedText()
        super().__init__(domain, host=host, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare)

    def forget(self, sender_id: str) -> None:
        """Delete a conversation, so that nothing of it can be read in the store's files."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter_by(sender_id=sender_id).delete()
            session.commit()
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                # pages that SQLite rearranged keep copies of what was deleted
                connection.execute(sa.text("VACUUM"))
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _prepare(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")
    _write_ahead(connection)
    # what was deleted must not stay in the file's free pages
    connection.execute("PRAGMA secure_delete=ON")


def _write_ahead(connection: Any) -> None:
    # two that open a new file at once: SQLite refuses one of them without waiting
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
