"""Learning and trying in a real browser: queue, comparison, correction, a talk with the parse; numbers by row."""

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from core.learning.scores import Change, Comparison, Move, Slice
from core.storage.learning import Candidate, Correction
from tests.browser.conftest import Enter, Site
from tests.console.test_try_bot import engine

__all__ = ["engine"]
pytestmark = pytest.mark.slow


async def _compared(site: Site) -> int:
    """A candidate that waits for a decision; returns a message that may be corrected."""
    async with site.database.begin() as session:
        rows = (await session.scalars(select(Correction).where(Correction.state == "queued"))).all()
        slices = (
            Slice("all", "questions", 500, 441, 446),
            Slice("part", "out_of_scope", 80, 71, 71),
            Slice("danger", "emergencies", 60, 58, 59),
            Slice("theme", "documents", 90, 78, 82),
            Slice("theme", "money", 70, 63, 62),
            Slice("language", "id", 430, 388, 392),
            Slice("language", "jv", 70, 53, 54),
            Slice("register", "slang", 120, 99, 101),
        )
        changes = (Change("documents/lost_passport", "documents/passport", "documents/lost_passport", "id"),)
        moves = tuple(Move("correction", row.id, row.before or "", row.topic) for row in rows)
        report = Comparison(slices, changes, moves, ()).to_dict()
        session.add(
            Candidate(
                state="ready", stage="after", done=100, base="0" * 64, model="demo.tar.gz", staff="editor0", report=report,
                corrections=[row.id for row in rows],
            )
        )  # fmt: skip
        return next(row.message for row in rows if row.message is not None)


@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.usefixtures("engine")
async def test_learning_correcting_and_trying(enter: Enter, site: Site, size: str) -> None:
    message = await _compared(site)
    visit = await enter("editor", size=size)
    page, name = visit.page, "-phone" if size == "phone" else ""

    assert await visit.open("/learn") == 200
    await expect(page.get_by_text("Percobaan 1: sebelum dan sesudah")).to_be_visible()
    await expect(page.get_by_text("nlu/", exact=False).first).to_be_visible()
    assert await visit.faults() == []
    await visit.shot(f"learn{name}")

    assert await visit.open(f"/messages/{message}/correct") == 200
    await expect(page.get_by_role("button", name="Simpan topik")).to_be_visible()
    assert await visit.faults() == []
    await visit.shot(f"correct{name}")

    await visit.open("/try")
    await page.locator("#say input[name=text]").fill("bikin paspor dimana")
    await page.get_by_role("button", name="Kirim").click()
    await expect(page.locator(".theirs .parse").last).to_contain_text("93%")
    await page.locator("#say input[name=text]").fill("saya dikurung majikan tidak boleh keluar")
    await page.get_by_role("button", name="Kirim").click()
    await expect(page.locator(".mark.red").first).to_be_visible()
    assert await visit.faults() == []
    await visit.shot(f"try{name}")


@pytest.mark.parametrize("size", ["wide", "phone"])
async def test_a_hotline_is_added_by_clicks(enter: Enter, size: str) -> None:
    visit = await enter("editor", size=size)
    page, name = visit.page, "-phone" if size == "phone" else ""
    await visit.open("/content/lists/hotlines")
    assert await visit.faults() == []
    await visit.shot(f"hotlines{name}")
    await page.get_by_role("link", name="Tambah nomor").click()
    fields = {
        "id": "kbri_bern", "name": "KBRI Bern", "numbers": "+41 31 352 09 83", "seen": "2026-10",
        "title": "Kontak KBRI Bern", "publisher": "Kemlu", "url": "https://www.example.org/bern", "date": "kemarin",
    }  # fmt: skip
    for field, value in fields.items():
        await page.locator(f"#edit [name={field}]").fill(value)
    await page.select_option("select[name=kind]", "embassy")
    await page.get_by_role("button", name="Simpan draf").click()
    await expect(page.locator("#bad-date")).to_be_visible()
    assert await visit.faults() == []
    await page.locator("#edit [name=date]").fill("2026-10-02")
    await page.get_by_role("button", name="Lihat pratinjau").click()
    await expect(page.locator(".preview")).to_contain_text("KBRI Bern, terlihat Oktober 2026")
    assert await visit.faults() == []
    await visit.shot(f"hotline{name}")
    await page.get_by_role("button", name="Simpan draf").click()
    await expect(page.locator("details summary", has_text="editor0")).to_have_count(1)
    await page.get_by_role("link", name="Nomor telepon").first.click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Unduh diff").click()
    assert "+- id: kbri_bern" in (await (await download.value).path()).read_text("utf-8")
