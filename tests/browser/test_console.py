"""The console in a real browser: by keyboard, without JavaScript, on a phone, for each role."""

import pytest
from playwright.async_api import expect

from console.screens import SCREENS
from core import handover
from core.storage.models import Chat
from core.storage.types import now
from tests.browser.conftest import Enter
from tests.console.conftest import PASSWORD

pytestmark = pytest.mark.slow


async def test_the_first_password_is_changed_at_the_first_sign_in(enter: Enter) -> None:
    visit = await enter("admin", must_change=True, size="phone")
    page = visit.page
    await expect(page.locator("h1")).to_have_text("Ganti kata sandi")
    assert await visit.faults() == []
    await visit.shot("password-phone")
    await page.fill("input[name=old]", PASSWORD)
    for field in ("new", "again"):
        await page.fill(f"input[name={field}]", "kopi tanpa gula")
    await page.click("button.main")
    await expect(page.locator("h1")).to_have_text("Kotak masuk")
    await page.click("text=Keluar")
    await expect(page.locator("h1")).to_have_text("Masuk ke konsol Desmi")
    assert await visit.faults() == []
    await visit.shot("sign-in-phone")


@pytest.mark.parametrize("size", ["wide", "phone"])
async def test_every_screen_of_the_menu(enter: Enter, size: str) -> None:
    visit = await enter("admin", size=size)
    for screen in SCREENS:
        assert await visit.open(screen.path) == 200
        assert await visit.faults() == [], screen.path
        if screen.name not in ("learn", "try"):  # a test of their own shows them filled
            await visit.shot(f"{screen.name}-{size}" if size == "phone" else screen.name)


async def test_in_english_too(enter: Enter) -> None:
    visit = await enter("admin", language="en")
    await visit.open("/inbox")
    await expect(visit.page.locator("h1")).to_have_text("Inbox")
    await visit.page.click(".languages button[value=id]")
    await expect(visit.page.locator("h1")).to_have_text("Kotak masuk")


async def test_the_inbox_by_keyboard(enter: Enter) -> None:
    visit = await enter("reviewer")
    page = visit.page
    await visit.open("/inbox")
    rows = page.locator("a.thread")
    first, second = await rows.nth(0).get_attribute("href"), await rows.nth(1).get_attribute("href")
    for key in "jjk":
        await page.keyboard.press(key)
    await expect(rows.nth(0)).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    assert await visit.faults() == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.locator("#search")).to_be_focused()
    await page.keyboard.type("jkje?")  # typed, not obeyed
    await expect(page.locator("#search")).to_have_value("jkje?")
    await rows.nth(0).focus()
    await page.keyboard.press("e")
    await expect(page.locator(f"a.thread[href='{first}']")).to_have_count(0)
    await expect(rows.nth(0)).to_have_attribute("href", second or "")
    await rows.nth(0).focus()
    await page.keyboard.press("r")
    await expect(page.locator("textarea:focus")).to_have_count(1)
    await page.locator("#title").click()
    await page.keyboard.press("u")
    await expect(page.locator("h1")).to_have_text("Kotak masuk")


async def test_a_filter_is_shared_by_its_address(enter: Enter) -> None:
    visit, other = await enter("reviewer"), await enter("editor")
    page = visit.page
    await visit.open("/inbox")
    await page.click("summary:has-text('Saringan lain')")
    await page.select_option("select[name=danger]", "any")
    await page.select_option("select[name=status]", "all")
    await page.click("text=Terapkan")
    shown = await page.locator("a.thread code").all_inner_texts()
    assert shown
    await visit.shot("inbox-filters")
    await page.click("summary:has-text('Simpan saringan ini')")
    await page.fill("#main details.save input[name=name]", "Semua bahaya")
    await page.check("input[name=shared]")
    await page.click(".save button")
    await other.open("/inbox")
    await other.page.click("a:has-text('Semua bahaya')")
    assert await other.page.locator("a.thread code").all_inner_texts() == shown


async def test_a_conversation(enter: Enter) -> None:
    visit = await enter("admin")
    page = visit.page
    await visit.open("/inbox?reason=danger")
    await page.locator("a.thread").first.click()
    await expect(page.locator(".bubbles .theirs").first).to_be_visible()
    await page.click(".take")
    await page.fill("input[name=tag]", "ditelepon")
    await page.click("form:has(input[list]) button")
    await page.fill("#note", "Keluarga sudah dihubungi, menunggu kabar KJRI.")
    await page.click("text=Simpan catatan")
    await expect(page.locator(".note .words")).to_have_text("Keluarga sudah dihubungi, menunggu kabar KJRI.")
    await expect(page.locator(".mark span:has-text('ditelepon')")).to_be_visible()
    assert await visit.faults() == []
    await visit.shot("conversation")
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await visit.faults() == []
    await visit.shot("conversation-phone")


async def test_reading_and_closing_without_javascript(enter: Enter) -> None:
    visit = await enter("reviewer", size="phone", javascript=False)
    page = visit.page
    await visit.open("/inbox")
    link = page.locator("a.thread").first
    chat = await link.get_attribute("href")
    await link.click()
    await page.fill("#note", "Sudah dibaca.")
    await page.click("text=Simpan catatan")
    await expect(page.locator(".note .words")).to_have_text("Sudah dibaca.")
    await page.click("#done button")
    await expect(page.locator("h1")).to_have_text("Kotak masuk")
    await expect(page.locator(f"a.thread[href='{chat}']")).to_have_count(0)


async def test_help_now_changes_by_itself(enter: Enter) -> None:
    visit = await enter("reviewer")
    page = visit.page
    await visit.open("/help-now")
    await page.check("#sound")
    async with visit.site.database.begin() as session:
        session.add(Chat(id="menunggu-petugas", address="1", danger="help/abuse", danger_at=now()))
        await session.flush()
        await handover.ask(session, "menunggu-petugas", now(), "saya takut pulang")
    await expect(page.locator("#live code", has_text="menunggu")).to_be_visible()
    await expect(page.locator("#live .mark.red").first).to_be_visible()
    await page.locator(".note", has_text="menunggu").locator("button").click()
    await expect(page.locator("#talk")).to_contain_text("Ditangani")
    assert await visit.faults() == []
    await visit.shot("help-now-conversation")
    await page.select_option("select[name=canned]", "safe_now")
    await page.get_by_role("button", name="Kirim", exact=True).click()
    await expect(page.locator(".bubbles .ours").last).to_contain_text("aman sekarang")
    await page.get_by_role("button", name="Kembalikan ke Desmi").click()
    await expect(page.locator("h1")).to_have_text("Bantu sekarang")
    await expect(page.locator("#live code", has_text="menunggu")).to_have_count(0)
    assert visit.elsewhere() == []


async def test_new_messages_are_told(enter: Enter) -> None:
    visit = await enter("reviewer")
    await visit.open("/inbox")
    asked = "htmx.ajax('GET', document.querySelector('#new').getAttribute('hx-get').replace(/opened=[^&]*/, 'opened=0'), '#new')"
    await visit.page.evaluate(asked)
    await expect(visit.page.locator("#new a")).to_contain_text("baru, muat ulang")


@pytest.mark.parametrize(("role", "path"), [("reviewer", "/audit"), ("editor", "/audit")])
async def test_who_may_not_is_refused(enter: Enter, role: str, path: str) -> None:
    visit = await enter(role)
    assert await visit.open(path) == 403
    await expect(visit.page.locator("[role=alert]")).to_contain_text("Peran Anda tidak mengizinkan ini")
    await expect(visit.page.locator(f"nav a[href='{path}']")).to_have_count(0)
    assert await visit.faults() == []
