"""Take over an operator's list of centres, offices, hotlines or placement companies."""

import asyncio
from pathlib import Path

from cli.prepare import prepare_database
from core.answers import read_answers
from core.catalogue import import_table
from core.help_cards import CARDS, read_help_cards
from core.hotlines import HOTLINES, HotlineError, read_hotlines
from core.keys import load_keys
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
        count = _check_hotlines(file)
        part = HOTLINES.with_suffix(".new")
        part.write_bytes(file.read_bytes())
        part.replace(HOTLINES)
        return f"hotlines: {count} taken over into content/hotlines.yml. Restart Desmi, and commit the file."
    count = asyncio.run(_import_table(settings, table, file))
    return f"{table}: {count} rows taken over. Restart Desmi so that it shows them."


def _check_hotlines(file: Path) -> int:
    """The number of lines of a good list; every number that an answer or a help card names must be in it."""
    lines = read_hotlines(file)
    missing = lines.missing(answer.text for answer in read_answers().values())
    if missing:
        raise HotlineError(
            f"{file.name}: answers and menus name {', '.join(missing)}; keep these entries, or change the texts first"
        )
    read_help_cards(CARDS, lines)
    return len(lines)


async def _import_table(settings: Settings, table: str, file: Path) -> int:
    await prepare_database(settings)
    database = open_database(settings.database(), load_keys(settings))
    try:
        return await import_table(database, table, file)
    finally:
        await database.close()
