"""Storage: tables, the engine, migrations."""

from core.storage import cases, models, quality, review, staff
from core.storage.engine import Database, open_database

__all__ = ["Database", "cases", "models", "open_database", "quality", "review", "staff"]
