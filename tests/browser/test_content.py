"""Numbers and content in a real browser: readable by axe-core's rules at every size, and an answer changed by clicks."""

import pytest
from playwright.async_api import expect
from sqlalchemy import insert

from core.storage.models import Area, Centre
from tests.browser.conftest import Enter, Site

pytestmark = pytest.mark.slow

PASSPORT = "/content/answers/documents/passport"


async def places(site: Site) -> None:
    """A regency and a centre, so that maps and lists are not empty."""
    source = {
        "source_title": "Judul",
        "source_url": "https://www.example.org",
        "source_date": "2018",
        "note": "",
    }
    async with site.database.begin() as session:
        await session.execute(
            insert(Area).values(
                code="32.12", name="Kabupaten Indramayu", level="regency", parent_code="32", lat=-6.4, lon=108.2,
                source="t",
            )
        )  # fmt: skip
        await session.execute(
            insert(Centre).values(
                area_code="32.12.16.2004", village="Kenanga", district="Sindang", regency="Kabupaten Indramayu",
                province="Jawa Barat", year=2016, lat=-6.35, lon=108.31, **source,
            )
        )  # fmt: skip


@pytest.mark.parametrize("size", ["wide", "phone"])
async def test_every_page_of_numbers_and_content(enter: Enter, site: Site, size: str) -> None:
    await places(site)
    visit = await enter("editor", size=size)
    lists = [f"/content/lists/{name}" for name in ("centres", "offices", "agencies", "hotlines", "centres/0")]
    for path in ("/numbers?days=90", "/numbers/gaps?days=90", "/content", PASSPORT, *lists):
        assert await visit.open(path) == 200
        assert await visit.faults() == [], path
        if size == "wide" and path in ("/numbers?days=90", PASSPORT):
            await visit.shot("numbers-90" if "numbers" in path else "answer")


async def test_an_answer_is_changed_by_clicks(enter: Enter) -> None:
    visit = await enter("editor")
    page = visit.page
    await visit.open("/content?q=paspor")
    await page.click("a:text-is('Membuat paspor')")
    await page.fill("textarea[name=text]", "Adapun paspor dibuat di kantor imigrasi.")
    await page.click("text=Lihat pratinjau")
    await expect(page.locator(".preview")).to_contain_text("Adapun paspor dibuat")
    await expect(page.locator(".warn ul")).to_contain_text("adapun")
    await page.fill(
        "textarea[name=text]", "Paspor dibuat di kantor imigrasi.\n\nLangkah berikutnya: siapkan KTP."
    )
    await page.click("text=Simpan draf")
    await expect(page.locator("details summary", has_text="editor0")).to_have_count(1)
    assert await visit.faults() == []
    await visit.open("/content")
    async with page.expect_download() as download:
        await page.click("text=Unduh diff")
    assert "Paspor dibuat di kantor imigrasi." in (await (await download.value).path()).read_text("utf-8")
