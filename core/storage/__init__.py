"""Storage: tables, the engine, migrations."""

from core.storage import cases, handovers, models, quality, review, staff
from core.storage.engine import Database, open_database

__all__ = ["Database", "cases", "handovers", "models", "open_database", "quality", "review", "staff"]
