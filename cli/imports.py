"""Take over an operator's list of centres, offices or hotlines."""

import asyncio
from pathlib import Path

from cli.prepare import prepare_database
from core.catalogue import import_table
from core.hotlines import HOTLINES, read_hotlines
from core.keys import load_keys
from core.settings import Settings
from core.storage import open_database


def import_into(settings: Settings, table: str, file: Path) -> str:
    """Replace a table by a file, all or nothing; returns what was done in words.

    Raises:
        core.centres.ImportErrors: The file of centres or offices has faults; all are listed by line.
        core.hotlines.HotlineError: The file of hotlines has faults.
    """
    if table == "hotlines":
        count = len(read_hotlines(file))
        part = HOTLINES.with_suffix(".new")
        part.write_bytes(file.read_bytes())
        part.replace(HOTLINES)
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
