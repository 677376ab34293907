"""Storage: tables, the engine, migrations."""

from core.storage import models, review, staff
from core.storage.engine import Database, open_database

__all__ = ["Database", "models", "open_database", "review", "staff"]
