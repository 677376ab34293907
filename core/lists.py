"""Lists that operators keep - centres, offices, companies, hotlines: as rows, checked before they are taken over."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import agencies, centres
from core.agencies import read_agencies
from core.answers import read_answers
from core.canned_replies import canned_replies
from core.catalogue import import_table
from core.centres import read_centres, read_offices
from core.help_cards import CARDS, HelpCardError, read_help_cards
from core.hotlines import HOTLINES, HotlineError, Hotlines, read_hotlines
from core.report_doors import DOORS, DoorError, read_doors
from core.rows import ImportErrors
from core.storage import Database
from core.storage.cases import Agency
from core.storage.models import Area, Base, Centre, Office

HOTLINE_LIST = "hotlines"
Row = Mapping[str, str]


class RowChangedError(RuntimeError):
    """The row is no longer what its editor saw."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list in the database: its columns as in CSV, and those that name a row."""

    model: type[Base]
    order: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


TABLES: Mapping[str, Table] = {
    "centres": Table(Centre, "area_code", centres.CENTRE_COLUMNS, ("area_code",)),
    "offices": Table(Office, "id", centres.OFFICE_COLUMNS, ("kind", "name", "regency", "province")),
    "agencies": Table(Agency, "id", agencies.COLUMNS, ("name", "licence")),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a file would do: how many rows it has, and which are new, changed or gone; or its faults by line."""

    rows: int = 0
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


async def rows(session: AsyncSession, name: str) -> list[Row]:
    """The rows of a list of `TABLES` as its CSV has them, in a fixed order."""
    table = TABLES[name]
    columns = table.model.__table__.c
    found = await session.execute(select(*columns).order_by(columns[table.order]))
    # "precision" stands in the files alone
    return [
        {c: "" if (value := line.get(c)) is None else str(value) for c in table.columns}
        for line in found.mappings()
    ]


def to_text(name: str, lines: Iterable[Row]) -> str:
    """Rows as the CSV that an import reads."""
    out = io.StringIO()
    writer = csv.DictWriter(out, TABLES[name].columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


async def check(database: Database, name: str, path: Path) -> Report:
    """What taking over a file would do; writes nothing."""
    if name == HOTLINE_LIST:
        return _check_hotlines(path)
    async with database.read() as session:
        old = await rows(session, name)
        villages = (await session.scalars(select(Area.code).where(Area.level == "village"))).all()
    try:
        match name:
            case "centres":
                read_centres(path, villages)
            case "offices":
                read_offices(path)
            case _:
                read_agencies(path)
    except ImportErrors as error:
        return Report(faults=error.errors)
    with path.open(encoding="utf-8", newline="") as lines:
        new = [
            {column: (cell or "").strip() for column, cell in line.items()} for line in csv.DictReader(lines)
        ]
    return _compare(TABLES[name], old, new)


def _compare(table: Table, old: Sequence[Row], new: Sequence[Row]) -> Report:
    def named(lines: Sequence[Row]) -> dict[str, list[str]]:
        told = [column for column in table.columns if column != "precision"]
        return {", ".join(r[c] for c in table.key if r[c]): [_number(r[c]) for c in told] for r in lines}

    before, after = named(old), named(new)
    return Report(
        len(new),
        tuple(key for key in after if key not in before),
        tuple(key for key, row in after.items() if before.get(key, row) != row),
        tuple(key for key in before if key not in after),
    )


def _number(cell: str) -> str:
    # 107.60 and 107.6 are one number
    return (
        cell.rstrip("0").rstrip(".")
        if cell.lstrip("-").replace(".", "", 1).isdigit() and "." in cell
        else cell
    )


def _check_hotlines(path: Path) -> Report:
    try:
        new = complete(read_hotlines(path), path.name)
    except (HotlineError, HelpCardError, DoorError) as error:
        return Report(faults=tuple(str(error).split("; ")))
    before, after = ({line.id: line for line in lines} for lines in (read_hotlines(HOTLINES), new))
    return Report(
        len(after),
        tuple(key for key in after if key not in before),
        tuple(key for key, line in after.items() if before.get(key, line) != line),
        tuple(key for key in before if key not in after),
    )


def complete(lines: Hotlines, name: str) -> Hotlines:
    """The list, if every line is in it that a text names; `name` is its file's, for messages.

    Raises:
        HotlineError, HelpCardError, DoorError: A text, a help card or a door for reports names one that is not.
    """
    answers = read_answers().values()
    texts = [*(answer.text for answer in answers), *canned_replies().values()]
    texts += [variant.text for answer in answers for variant in answer.by_country.values()]
    if missing := lines.missing(texts):
        raise HotlineError(
            f"{name}: answers and menus name {', '.join(missing)}; keep these entries, or change the texts first"
        )
    read_help_cards(CARDS, lines)
    read_doors(DOORS, lines)
    return lines


def take_hotlines(path: Path) -> int:
    """Replace `content/hotlines.yml`; returns the number of lines.

    Raises:
        HotlineError, HelpCardError, DoorError: The file has faults, or lacks a line that is named elsewhere.
    """
    count = len(complete(read_hotlines(path), path.name))
    part = HOTLINES.with_suffix(".new")
    part.write_bytes(path.read_bytes())
    part.replace(HOTLINES)
    return count


async def take(database: Database, name: str, path: Path) -> int:
    """Take a file over, all or nothing; returns the number of rows. Raises what `import_table` and `take_hotlines` do."""
    return take_hotlines(path) if name == HOTLINE_LIST else await import_table(database, name, path)


async def change(database: Database, name: str, place: int, old: Row | None, new: Row | None) -> None:
    """Change, add (`old` is None) or delete (`new` is None) one row by the same rules as a whole file.

    Raises:
        RowChangedError: The row at `place` (from 0) is not `old`.
        ImportErrors: The new row has faults.
    """
    async with database.read() as session:
        lines = await rows(session, name)
    if old is None:
        place = len(lines)
    elif place >= len(lines) or lines[place] != old:
        raise RowChangedError(name)
    lines[place : place + (old is not None)] = [] if new is None else [new]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_text(to_text(name, lines), "utf-8")
        await import_table(database, name, path, whole=False)
