"""Lists: what a file would do is told before anything is written, and single rows follow the same rules."""

from pathlib import Path

import pytest

from core import lists
from core.catalogue import checked_on, fill
from core.hotlines import HOTLINES
from core.rows import ImportErrors
from core.storage import Database
from tests.core.small_content import CENTRE, CENTRES, PREPARED, content

__all__ = ["content"]


@pytest.fixture
async def filled(database: Database, content: Path) -> Database:
    await fill(database)
    return database


async def rows(database: Database, name: str) -> list[lists.Row]:
    async with database.read() as session:
        return await lists.rows(session, name)


async def test_rows_are_what_an_import_reads(filled: Database, tmp_path: Path) -> None:
    for name in ("centres", "offices"):
        path = tmp_path / f"{name}.csv"
        path.write_text(lists.to_text(name, await rows(filled, name)), "utf-8")
        report = await lists.check(filled, name, path)
        assert (report.faults, report.added, report.changed, report.gone) == ((), (), (), ())
        assert report.rows == len(await rows(filled, name))


async def test_a_report_tells_all_and_writes_nothing(filled: Database, tmp_path: Path) -> None:
    before = await rows(filled, "centres")
    path = tmp_path / "baru.csv"
    path.write_text(CENTRES + CENTRE.replace("Judul", "Judul lain"), "utf-8")
    report = await lists.check(filled, "centres", path)
    assert (report.rows, report.changed, report.gone) == (1, ("32.12.16.2004",), ("32.12.16.2005",))
    path.write_text(
        CENTRES + CENTRE.replace("32.12.16.2004", "99") + PREPARED.replace("2005", "2999"), "utf-8"
    )
    report = await lists.check(filled, "centres", path)
    assert [fault.partition(":")[0] for fault in report.faults] == ["baru.csv, line 2", "baru.csv, line 3"]
    assert await rows(filled, "centres") == before


async def test_one_row_is_changed_added_and_deleted(filled: Database) -> None:
    checked = await checked_on(filled, "offices")
    first, *others = await rows(filled, "offices")
    await lists.change(filled, "offices", 0, first, {**first, "address": "Jalan Baru 2"})
    changed, *left = await rows(filled, "offices")
    assert changed["address"] == "Jalan Baru 2"
    assert left == others
    await lists.change(filled, "offices", -1, None, {**first, "name": "Disnaker Baru"})
    assert [row["name"] for row in await rows(filled, "offices")][-1] == "Disnaker Baru"
    await lists.change(filled, "offices", 0, changed, None)
    assert len(await rows(filled, "offices")) == len(others) + 1
    assert await checked_on(filled, "offices") == checked  # the list as a whole was not checked


async def test_a_bad_or_changed_row_is_refused(filled: Database) -> None:
    first = (await rows(filled, "centres"))[0]
    with pytest.raises(ImportErrors, match="outside Indonesia"):
        await lists.change(filled, "centres", 0, first, {**first, "lat": "52.5", "lon": "13.4"})
    with pytest.raises(lists.RowChangedError):
        await lists.change(filled, "centres", 0, {**first, "note": "lain"}, first)
    assert (await rows(filled, "centres"))[0] == first


async def test_hotlines_are_checked_and_taken(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "content.yml"
    own.write_bytes(HOTLINES.read_bytes())
    monkeypatch.setattr("core.lists.HOTLINES", own)
    new = tmp_path / "hotlines.yml"
    new.write_text(own.read_text("utf-8").replace("tarif telepon biasa", "tarif biasa"), "utf-8")
    report = await lists.check(database, "hotlines", new)
    assert report.faults == ()
    assert "kp2mi_abroad" in report.changed
    assert await lists.take(database, "hotlines", new) == report.rows
    assert own.read_bytes() == new.read_bytes()
    new.write_text("hotlines: []", "utf-8")
    assert "no hotlines" in (await lists.check(database, "hotlines", new)).faults[0]
