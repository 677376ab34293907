"""Storage: tables, the engine, migrations."""

from core.storage.engine import Database, open_database

__all__ = ["Database", "open_database"]
