"""Take over an operator's list of centres, offices, hotlines or placement companies."""

import asyncio
from pathlib import Path

from cli.prepare import prepare_database
from core.catalogue import import_table
from core.keys import load_keys
from core.lists import take_hotlines
from core.settings import Settings
from core.storage import open_database


def import_into(settings: Settings, table: str, file: Path) -> str:
    """Replace a table by a file, all or nothing; returns what was done in words.

    Raises:
        core.rows.ImportErrors: The file has faults; all are listed by line.
        core.hotlines.HotlineError: The file of hotlines has faults, or lacks a line that a text names.
        core.help_cards.HelpCardError: It lacks a line that a help card names.
    """
    if table == "hotlines":
        count = take_hotlines(file)
        return f"hotlines: {count} taken over into content/hotlines.yml. Restart Desmi, and commit the file."
    count = asyncio.run(_import_table(settings, table, file))
    return f"{table}: {count} rows taken over. Restart Desmi so that it shows them."


async def _import_table(settings: Settings, table: str, file: Path) -> int:
    await prepare_database(settings)
    database = open_database(settings.database(), load_keys(settings))
    try:
        return await import_table(database, table, file)
    finally:
        await database.close()
