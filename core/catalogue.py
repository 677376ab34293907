"""The catalogue in the database: areas, centres and offices, filled from `content/` or imported files."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core import plain_yaml
from core.agencies import Agency, read_agencies
from core.centres import Centre, Office, centre_status, read_centres, read_offices
from core.gazetteer import Area, read_areas
from core.settings import ROOT
from core.storage import Database, cases, models

CONTENT = ROOT / "content"
IMPORTED = "imported"
"""Stands in place of a shipped file's hash once an operator has imported a table of their own."""

_CHUNK = 5_000


def _digest(paths: Iterable[Path], checked: str) -> str:
    total = hashlib.sha256(checked.encode())
    for path in sorted(paths):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


async def _replace(session: AsyncSession, table: type[models.Base], rows: Sequence[dict[str, Any]]) -> None:
    await session.execute(delete(table))
    for start in range(0, len(rows), _CHUNK):
        await session.execute(insert(table), rows[start : start + _CHUNK])


async def _version(session: AsyncSession, key: str) -> str:
    return await session.scalar(select(models.Fact.value).where(models.Fact.key == key)) or ""


async def _lock(session: AsyncSession, key: str) -> str:
    """The version, held until the end of the transaction: two that start at once write one after the other."""
    if await session.get(models.Fact, key) is None:
        with suppress(IntegrityError):  # the other one was quicker
            async with session.begin_nested():
                session.add(models.Fact(key=key, value=""))
    held = select(models.Fact.value).where(models.Fact.key == key).with_for_update()
    return await session.scalar(held) or ""


async def _set_version(session: AsyncSession, key: str, value: str) -> None:
    await session.merge(models.Fact(key=key, value=value))


async def fill(database: Database) -> list[str]:
    """Bring the shipped tables up to date; returns the names of those that were written.

    A table that an operator imported is left alone.
    """
    shipped = {
        "areas": sorted((CONTENT / "geography").glob("*.csv*")),
        "centres": [CONTENT / "centres.csv"],
        "offices": [CONTENT / "offices.csv"],
    }
    checked: dict[str, str] = plain_yaml.load((CONTENT / "checked.yml").read_text("utf-8"))
    written: list[str] = []
    for name, paths in shipped.items():
        digest = _digest(paths, checked[name])
        async with database.begin() as session:
            if await _lock(session, name) in (digest, IMPORTED):
                continue
            await _write(session, name, paths[0], None)
            await _set_version(session, name, digest)
            await _set_version(session, f"{name} checked", checked[name])
            written.append(name)
    return written


async def _write(session: AsyncSession, name: str, path: Path, villages: Iterable[str] | None) -> int:
    """Replace a table by a file's rows, all or nothing; raises `core.rows.ImportErrors`.

    `villages`: the codes that a centre may have; None takes them as they are.
    """
    match name:
        case "areas":
            areas = [_area_row(area) for area in read_areas(path.parent)]
            await _replace(session, models.Area, areas)
            return len(areas)
        case "centres":
            centres = [_centre_row(centre) for centre in read_centres(path, villages)]
            await _replace(session, models.Centre, centres)
            return len(centres)
        case "offices":
            offices = [asdict(office) for office in read_offices(path)]
            await _replace(session, models.Office, offices)
            return len(offices)
        case "agencies":
            agencies = [asdict(agency) for agency in read_agencies(path)]
            await _replace(session, cases.Agency, agencies)
            return len(agencies)
    raise ValueError(f"there is no table {name} to import; use centres, offices or agencies")


async def import_table(database: Database, name: str, path: Path, *, whole: bool = True) -> int:
    """Replace `centres`, `offices` or `agencies` by an operator's file; returns the number of rows.

    `whole` says that the list as a whole was checked today; a change of single rows leaves its date.

    Raises:
        core.rows.ImportErrors: With every fault by line; nothing was changed.
        ValueError: There is no such table.
    """
    async with database.begin() as session:
        await _lock(session, name)
        codes = await session.scalars(select(models.Area.code).where(models.Area.level == "village"))
        count = await _write(session, name, path, codes.all())
        await _set_version(session, name, IMPORTED)
        if whole or not await _version(session, f"{name} checked"):
            await _set_version(session, f"{name} checked", date.today().isoformat())
        return count


def _area_row(area: Area) -> dict[str, Any]:
    # by name: `asdict` copies every value deeply, which took half the time of the first start
    return {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "parent_code": area.parent,
        "lat": area.lat,
        "lon": area.lon,
        "source": area.source,
    }


def _centre_row(centre: Centre) -> dict[str, Any]:
    row = asdict(centre)
    row.pop("status")  # derived from the note
    return row


async def checked_on(database: Database, name: str) -> str:
    """The day (YYYY-MM-DD) on which a table was checked; for an imported one that of its import."""
    async with database.begin() as session:
        return await _version(session, f"{name} checked")


async def load_areas(database: Database) -> list[Area]:
    """All areas, provinces first."""
    columns = models.Area.__table__.c
    async with database.begin() as session:
        rows = await session.execute(select(*columns).order_by(columns.code))
        return [Area(r.code, r.name, r.level, r.parent_code, r.lat, r.lon, r.source) for r in rows]


async def load_centres(database: Database) -> list[Centre]:
    """All centres."""
    columns = models.Centre.__table__.c
    async with database.begin() as session:
        rows = await session.execute(select(*columns))
        return [Centre(**dict(row._mapping), status=centre_status(row.note)) for row in rows]


async def find_centre(database: Database, area_code: str) -> Centre | None:
    """The centre of a village."""
    columns = models.Centre.__table__.c
    async with database.read() as session:
        row = (await session.execute(select(*columns).where(columns.area_code == area_code))).one_or_none()
        return None if row is None else Centre(**dict(row._mapping), status=centre_status(row.note))


async def load_offices(database: Database) -> list[Office]:
    """All offices."""
    columns = [c for c in models.Office.__table__.c if c.name != "id"]
    async with database.begin() as session:
        return [Office(**dict(row._mapping)) for row in await session.execute(select(*columns))]


async def load_agencies(database: Database) -> list[Agency]:
    """The list of placement companies; empty until an operator imports one."""
    columns = [c for c in cases.Agency.__table__.c if c.name != "id"]
    async with database.read() as session:
        return [Agency(**dict(row._mapping)) for row in await session.execute(select(*columns))]
