"""From a misread message to a better model by clicks alone, with the whole of Desmi running on few sentences.

Real processes, the real training, a real browser; the sentences are few, so that a training takes seconds.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
from sqlalchemy import select, update

from core.keys import Keys
from core.learning import overlay
from core.learning.scores import TOLERANCE, Comparison
from core.settings import Settings
from core.storage import Database, open_database
from core.storage.learning import Candidate
from core.storage.models import Chat, Message
from core.storage.staff import Audit, Staff
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.conftest import SECRET
from tests.console.conftest import PASSWORD, PASSWORD_HASH
from tests.faults.system import Desmi
from tests.learning.project import small_project
from tests.telegram_double import TelegramDouble, User

pytestmark = [pytest.mark.rasa, pytest.mark.slow]

SAID = "stempel masuk hongkong nempel di buku paspor halaman berapa"
"""Somebody asks for the work visa in words that no training sentence has."""
TOPIC, TITLE = "documents/work_visa", "Visa kerja"
TRAINING_MS = 420_000
PATIENCE_MS = 90_000
SWAP_S = 120.0
START_S = 480.0
"""The first start trains two models."""


@pytest.fixture
async def desmi(tmp_path: Path, double: TelegramDouble) -> AsyncIterator[Desmi]:
    """`desmi run` of the small project."""
    project = small_project(tmp_path / "project")
    running = Desmi(tmp_path / "desmi", double.url, "polling", (sys.executable, "-m", "cli.main", "run"))
    # without the current folder in front, or the whole project would be found there
    running.environment = {**running.environment, "PYTHONPATH": str(project), "PYTHONSAFEPATH": "1"}
    await running.prepare()
    await running.start()
    try:
        await double.until(lambda: double.calls("getUpdates"), START_S)
        await running.wait_ready()
        yield running
    finally:
        await running.stop()


@pytest.fixture
async def database(desmi: Desmi) -> AsyncIterator[Database]:
    """Its database."""
    settings = Settings(_env_file=None, data_dir=desmi.folder)
    opened = open_database(settings.database(), Keys.from_secret(SECRET))
    async with opened.begin() as session:
        session.add(Staff(name="ani", role="editor", password=PASSWORD_HASH, must_change=False))
    yield opened
    await opened.close()


@pytest.fixture
async def page(desmi: Desmi, database: Database) -> AsyncIterator[Page]:
    """A browser window in which an editor is signed in."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        window = await (await browser.new_context(locale="id-ID")).new_page()
        await window.goto(f"http://127.0.0.1:{desmi.console_port}/login")
        await window.get_by_label("Nama").fill("ani")
        await window.get_by_label("Kata sandi").fill(PASSWORD)
        await window.get_by_role("button", name="Masuk").click()
        window.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield window
        await browser.close()


async def _understood(database: Database, number: int) -> str | None:
    """The topic of a person's message, counted from 1, once it is done."""
    for _try in range(int(SWAP_S * 5)):
        async with database.read() as session:
            rows = (
                await session.scalars(
                    select(Message)
                    .where(Message.direction == "in", Message.kind == "text")
                    .order_by(Message.id)
                )
            ).all()
        if len(rows) >= number and rows[number - 1].topic is not None:
            return rows[number - 1].topic
        await asyncio.sleep(0.2)
    pytest.fail("the message was never understood")


async def _ask(user: User, database: Database, number: int) -> str | None:
    await user.says(SAID)
    await user.next_message(SWAP_S)
    return await _understood(database, number)


async def _replaced(desmi: Desmi, old: int) -> None:
    """Wait until another engine process than `old` answers."""
    for _try in range(int(SWAP_S * 5)):
        if desmi.roles().get("rasa") not in (None, old):
            return await desmi.wait_ready()
        await asyncio.sleep(0.2)
    pytest.fail(f"the engine was not replaced:\n{desmi.tail()}")


async def _is_not_worse(database: Database, before: str | None) -> None:
    """The measured numbers themselves: no emergency more is missed, the rest is as good; and the message is read right."""
    async with database.read() as session:
        candidate = (await session.scalars(select(Candidate))).one()
    report = Comparison.from_dict(candidate.report)
    assert report.worse == ()
    kinds = {kind: report.of_kind(kind) for kind in ("all", "part", "danger")}
    assert all(kinds.values())
    for kind, slices in kinds.items():
        for one in slices:
            allowed = 0 if kind == "danger" else max(1, one.count * TOLERANCE)
            assert one.count > 0
            assert one.after >= one.before - allowed, one
    assert (before, TOPIC) in {
        (move.before, move.after) for move in report.moves if move.source == "correction"
    }


async def test_a_misread_message_makes_a_better_model_by_clicks_alone(
    desmi: Desmi, database: Database, page: Page, double: TelegramDouble
) -> None:
    user = double.user("siti")
    before = await _ask(user, database, 1)
    assert before != TOPIC, "the sentence is too easy for this test"
    async with database.begin() as session:
        await session.execute(update(Chat).values(consent=True))

    # correct it, from the conversation
    await page.get_by_role("link", name="Kotak masuk").first.click()
    await page.locator("a.thread").first.click()
    await page.get_by_role("link", name="Koreksi").first.click()
    await page.get_by_label("Topik yang benar (ketik untuk mencari)").fill(TITLE)
    await page.get_by_role("button", name="Simpan topik").click()
    await expect(page.get_by_text("di antrean latihan")).to_be_visible()

    # try
    await page.get_by_role("link", name="Belajar").click()
    await expect(page.get_by_text("nlu/documents.yml")).to_be_visible()
    await page.get_by_role("button", name="Coba: latih model percobaan").click()
    await expect(page.locator("progress")).to_be_visible()
    try:
        await expect(page.get_by_text("Tidak lebih buruk pada kalimat uji.")).to_be_visible(
            timeout=TRAINING_MS
        )
    except AssertionError:
        pytest.fail(f"there is no candidate that is as good:\n{desmi.tail()}")
    await expect(page.locator("#moves")).to_contain_text(SAID)
    await _is_not_worse(database, before)

    # accept; who writes while the model is replaced is answered, too
    engine = desmi.roles()["rasa"]
    await page.get_by_role("button", name="Pakai model ini").click()
    others = [double.user(f"orang {number}") for number in range(3)]
    for other in others:
        await other.says("bikin paspor dimana")
    await expect(page.get_by_text("Percobaan 1 ")).to_be_visible()
    await _replaced(desmi, engine)
    for other in others:
        assert (await other.next_message(SWAP_S)).text
    assert await _ask(user, database, 5) == TOPIC

    # the bot's page shows the same
    await page.get_by_role("link", name="Coba Desmi").click()
    await page.locator("#say input[name=text]").fill(SAID)
    await page.get_by_role("button", name="Kirim").click()
    await expect(page.locator(".theirs .parse").last).to_contain_text(TITLE)

    # what may be committed
    diff = (desmi.folder / overlay.FOLDER / overlay.DIFF).read_text("utf-8")
    assert f"+      - {SAID}\n" in diff

    # and back
    await page.get_by_role("link", name="Belajar").click()
    engine = desmi.roles()["rasa"]
    await page.get_by_role("button", name="Kembali ke model ini").click()
    await expect(page.get_by_text(SAID)).to_be_visible()
    await _replaced(desmi, engine)
    assert await _ask(user, database, 6) == before
    async with database.read() as session:
        actions = (await session.scalars(select(Audit.action).order_by(Audit.id))).all()
    assert [a for a in actions if a in ("correct", "try", "accept", "back")] == [
        "correct",
        "try",
        "accept",
        "back",
    ]
