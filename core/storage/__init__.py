"""Storage: tables, the engine, migrations."""

from core.storage import cases, handovers, learning, models, quality, reminders, review, staff
from core.storage.engine import Database, open_database, sweep_file

__all__ = [
    "Database",
    "cases",
    "handovers",
    "learning",
    "models",
    "open_database",
    "quality",
    "reminders",
    "review",
    "staff",
    "sweep_file",
]
