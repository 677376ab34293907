"""The catalogue on both databases: filled once, refreshed when a file changes, imported all or nothing."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from core import catalogue
from core.catalogue import checked_on, fill, import_table, load_areas, load_centres, load_offices
from core.centres import read_centres, read_offices
from core.gazetteer import read_areas
from core.rows import ImportErrors
from core.storage import Database
from core.storage.migrate import is_current, upgrade
from tests.core.small_content import CENTRE, CENTRES, CHECKED, OFFICES, content

__all__ = ["content"]


async def names(database: Database) -> list[str]:
    return sorted(centre.village for centre in await load_centres(database))


async def test_the_shipped_content_is_stored_as_it_is(database: Database) -> None:
    assert await fill(database) == ["areas", "centres", "offices"]
    shipped = {area.code: area for area in read_areas(catalogue.CONTENT / "geography")}
    stored = await load_areas(database)
    assert {area.code: area for area in stored} == shipped
    assert len(stored) == 91_599
    by_code = {centre.area_code: centre for centre in await load_centres(database)}
    assert by_code == {centre.area_code: centre for centre in read_centres(catalogue.CONTENT / "centres.csv")}
    order = str
    assert sorted(await load_offices(database), key=order) == sorted(
        read_offices(catalogue.CONTENT / "offices.csv"), key=order
    )
    assert await fill(database) == []


async def test_a_changed_file_refreshes_its_table_alone(database: Database, content: Path) -> None:
    assert await fill(database) == ["areas", "centres", "offices"]
    assert await fill(database) == []
    assert await names(database) == ["Kenanga", "Terusan"]
    (content / "centres.csv").write_text(CENTRES + CENTRE)
    assert await fill(database) == ["centres"]
    assert await names(database) == ["Kenanga"]
    assert await checked_on(database, "centres") == "2026-11-01"
    (content / "checked.yml").write_text(CHECKED.replace("2026-11-01", "2026-12-01"))
    assert await fill(database) == ["centres"], "checked again, and nothing had changed"
    assert await checked_on(database, "centres") == "2026-12-01"
    (content / "geography" / "provinces.csv").write_text(
        "code,name,lat,lon,source\n32,Jawa Barat,-6.9,107.6,t\n53,NTT,-8.6,121,t\n"
    )
    assert await fill(database) == ["areas"]
    assert "NTT" in {area.name for area in await load_areas(database)}


async def test_an_imported_table_is_kept(database: Database, content: Path, tmp_path: Path) -> None:
    await fill(database)
    own = tmp_path / "own.csv"
    own.write_text(CENTRES + CENTRE.replace("Judul", "Daftar sendiri"))
    assert await import_table(database, "centres", own) == 1
    assert await checked_on(database, "centres") == date.today().isoformat()
    (content / "centres.csv").write_text(CENTRES + CENTRE)
    assert await fill(database) == []
    assert [centre.source_title for centre in await load_centres(database)] == ["Daftar sendiri"]


async def test_offices_are_imported_too(database: Database, content: Path, tmp_path: Path) -> None:
    await fill(database)
    own = tmp_path / "offices.csv"
    own.write_text("".join(OFFICES.splitlines(keepends=True)[:2]))
    assert await import_table(database, "offices", own) == 1
    assert [office.name for office in await load_offices(database)] == ["Disnaker Kota Kupang"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (CENTRES + CENTRE + CENTRE, "line 3: area_code 32.12.16.2004 stands in line 2 already"),
        (CENTRES + CENTRE.replace("2004", "2999"), "line 2: area_code 32.12.16.2999 is no village"),
        (CENTRES + CENTRE.replace(",2018-02", ",2018-02,x"), "line 2: 14 cells instead of 13"),
        (CENTRES + CENTRE + '"x', "line 3: "),
        ("\ufeff" + CENTRES + CENTRE, "line 1: begins with a byte order mark"),
        ((CENTRES + CENTRE).encode("utf-16"), "line 1: begins with a byte order mark"),
        ((CENTRES + CENTRE).encode() + b"\xff\xfe,x\n", "line 3: not UTF-8"),
        ((CENTRES + CENTRE).encode() + b"\x00\x00\n", "line 3: "),
        ("", "line 1: the columns must be"),
        (CENTRES, "no rows below the header"),
        (OFFICES, "line 1: the columns must be"),
    ],
)
async def test_a_faulty_file_changes_nothing(
    database: Database, content: Path, tmp_path: Path, raw: str | bytes, said: str
) -> None:
    await fill(database)
    own = tmp_path / "own.csv"
    own.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    with pytest.raises(ImportErrors) as caught:
        await import_table(database, "centres", own)
    assert said in caught.value.errors[0]
    assert await names(database) == ["Kenanga", "Terusan"]
    assert await fill(database) == [], "it does not count as imported"


async def test_all_faults_are_told_at_once(database: Database, content: Path, tmp_path: Path) -> None:
    await fill(database)
    own = tmp_path / "own.csv"
    own.write_text(CENTRES + CENTRE.replace("2016", "16") + CENTRE.replace("108.310", "x") + CENTRE)
    with pytest.raises(ImportErrors) as caught:
        await import_table(database, "centres", own)
    assert [error.partition(":")[0] for error in caught.value.errors][:2] == [
        "own.csv, line 2",
        "own.csv, line 3",
    ]


async def test_other_tables_cannot_be_imported(database: Database, content: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no table chats"):
        await import_table(database, "chats", tmp_path / "x.csv")
    with pytest.raises(FileNotFoundError):
        await import_table(database, "centres", tmp_path / "missing.csv")


async def test_two_that_fill_at_once_do_not_spoil_each_other(database: Database, content: Path) -> None:
    done = await asyncio.gather(fill(database), fill(database))
    assert sorted(name for written in done for name in written) == ["areas", "centres", "offices"]
    assert len(await load_areas(database)) == 9
    assert await names(database) == ["Kenanga", "Terusan"]
    assert len(await load_offices(database)) == 3
    (content / "offices.csv").write_text(OFFICES.replace("Jalan Contoh 1", "Jalan Contoh 2"))
    await asyncio.gather(fill(database), fill(database))
    assert len(await load_offices(database)) == 3


async def test_two_that_upgrade_at_once_do_not_spoil_each_other(empty_database: Database) -> None:
    await asyncio.gather(upgrade(empty_database.engine), upgrade(empty_database.engine))
    assert await is_current(empty_database.engine)
