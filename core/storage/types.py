"""Column types: encrypted text and JSON, and times that are always UTC."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from core.keys import Keys

_keys: Keys | None = None


def use_keys(keys: Keys) -> None:
    """Set the keys with which this process reads and writes encrypted columns."""
    global _keys
    _keys = keys


def _active() -> Keys:
    if _keys is None:
        raise RuntimeError("encrypted column used before core.storage.open_database was called")
    return _keys


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else _active().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else _active().decrypt(value)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that is encrypted in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Serialise and encrypt."""
        return None if value is None else _active().encrypt(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decrypt and read."""
        return None if value is None else json.loads(_active().decrypt(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC on every database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; refuse a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)
