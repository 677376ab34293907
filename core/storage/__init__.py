"""Storage: tables, the engine, migrations."""

from core.storage import models, staff
from core.storage.engine import Database, open_database

__all__ = ["Database", "models", "open_database", "staff"]
