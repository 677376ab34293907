"""The numbers: charts and tables that single nobody out, CSV, the mark of invented data."""

import csv
import io
import re

import pytest
from sqlalchemy import update

from console import charts
from console.charts import Spot, Value
from core import demo
from core.catalogue import fill
from core.keys import Keys
from core.storage import Database
from core.storage.review import Thread
from core.storage.types import now
from tests.console.conftest import SignIn
from tests.core.small_content import content  # noqa: F401 (a fixture)


@pytest.fixture
async def filled(database: Database, keys: Keys, content: object) -> Database:  # noqa: F811
    """A database of invented conversations in a small country."""
    await fill(database)
    await demo.fill(database, keys, now(), chats=30, seed=3)
    async with database.begin() as session:
        await session.execute(update(Thread).values(regency="32.12"))
    return database


async def test_the_page_shows_charts_with_tables_and_no_small_number(
    sign_in: SignIn, filled: Database
) -> None:
    browser = await sign_in("reviewer")
    for days in (7, 90):
        page = await browser.get(f"/numbers?days={days}")
        assert page.status_code == 200
        assert page.text.count('<svg class="chart" role="img"') == 6
        assert page.text.count("<table>") == 6
        cells = re.findall(r'<td class="right nowrap">([^<(]*)', page.text)
        assert cells
        assert not [cell for cell in cells if cell.strip() in ("1", "2", "3", "4")]
        assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\son\w+=", page.text)
        assert len(page.text.encode()) < 150_000
    assert "rekaan" in page.text
    assert "Kabupaten Indramayu" in page.text


async def test_the_whole_table_as_csv(sign_in: SignIn, filled: Database) -> None:
    browser = await sign_in("reviewer", language="en")
    for table in ("all", "day", "topic", "language", "regency", "links", "trend"):
        response = await browser.get(f"/numbers/{table}.csv?days=90")
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert f"desmi-{table}-" in response.headers["content-disposition"]
        header, *rows = csv.reader(io.StringIO(response.text))
        assert rows
        assert {len(row) for row in rows} == {len(header)}
        if table != "trend":
            assert not [cell for row in rows for cell in row[2:] if cell in ("1", "2", "3", "4")]
    assert header[0] == "at"
    assert (await browser.get("/numbers/chats.csv")).status_code == 404


async def test_subjects_without_a_topic(sign_in: SignIn, filled: Database) -> None:
    page = await (await sign_in("reviewer")).get("/numbers/gaps?days=90")
    assert page.status_code == 200
    assert "belum ada topiknya" in page.text


async def test_gaps_without_the_encoder(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.gaps.vectors", lambda: None)
    page = await (await sign_in("reviewer")).get("/numbers/gaps")
    assert "make setup" in page.text


async def test_an_empty_database_has_a_page_without_the_mark(sign_in: SignIn) -> None:
    page = await (await sign_in("reviewer")).get("/numbers?days=banyak")
    assert page.status_code == 200
    assert "rekaan" not in page.text


async def test_only_staff_may_see_numbers(open_browser: object) -> None:
    browser = open_browser()  # type: ignore[operator]
    for path in ("/numbers", "/numbers/gaps", "/numbers/day.csv"):
        assert (await browser.get(path)).headers["location"].startswith("/login")


def test_charts_write_every_number_and_hatch_the_hidden() -> None:
    values = [Value("a & b", 20, "20"), Value("c", None, "<5")]
    for drawn in (charts.bars("x", "Judul <1>", values), charts.columns("x", "Judul <1>", values)):
        assert "Judul &lt;1&gt;" in drawn
        assert 'fill="url(#x-hatch)"' in drawn
        assert "20" in drawn
    assert "&lt;5" in charts.bars("x", "", values)
    assert "a &amp; b" in charts.bars("x", "", values)
    country = charts.spots("m", "Peta", [(-6.0, 107.0)], [Spot(-6.4, 108.3, v) for v in values])
    assert country.count("<circle") == 2
    assert "c: &lt;5" in country
    assert charts.line("t", "Tren", []).count("<rect") == 0
    assert charts.line("t", "Tren", [Value("Jan", 0.9, "90%")]).count("90%") == 1
    assert charts.columns("e", "Kosong", []).startswith("<svg")
