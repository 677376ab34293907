"""Storage: tables, the engine, migrations."""

from core.storage import models, quality, review, staff
from core.storage.engine import Database, open_database

__all__ = ["Database", "models", "open_database", "quality", "review", "staff"]
