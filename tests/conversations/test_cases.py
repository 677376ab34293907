"""Offers, agencies and reports as whole conversations: buttons only, text only, digressions, a restart, an end."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import delete, select

from core.catalogue import import_table
from core.reports import Filed, all_reports, set_status
from core.storage import Database, cases, models, open_database
from tests.conversations.stage import at_work, opened
from tests.core.test_agencies import FICTIONAL
from tests.servers import Running
from tests.telegram_double import TelegramDouble
from tests.telegram_double.people import Message, User

pytestmark = pytest.mark.rasa
OFFER = "Dibutuhkan ART ke Dubai, berangkat pakai visa turis dulu, bayar DP 3 juta ke rekening saya, umur bisa diatur"


@dataclass(frozen=True)
class Stage:
    """A person, the database, and a bot that can be started anew on it."""

    user: User
    double: TelegramDouble
    database: Database
    running: Running

    def bot(self) -> AbstractAsyncContextManager[object]:
        """A bot at work on the same database, as after a restart."""
        return at_work(self.double, self.running, self.database)

    async def hears(self, *, until: str = "") -> Message:
        """The next message, or the first one from here on with these words."""
        while True:
            message = await self.user.next_message()
            if until in message.text:
                return message

    async def presses(self, part: str, on: Message) -> None:
        """Tap the button whose label holds these words."""
        await self.user.taps(next(label for label in on.labels if part in label), on=on)

    async def taps(self, part: str, on: Message) -> Message:
        """Tap a button whose answer edits the message."""
        await self.presses(part, on)
        return await self.user.next_edit()

    async def reports(self) -> list[Filed]:
        return await all_reports(self.database)

    async def task(self) -> object:
        async with self.database.read() as session:
            return await session.scalar(select(models.Chat.task))


@pytest.fixture
async def stage(double: TelegramDouble, running: Running, database_url: str) -> AsyncIterator[Stage]:
    async with opened(running, database_url) as database:
        yield Stage(double.user("siti"), double, database, running)


@asynccontextmanager
async def listed(stage: Stage) -> AsyncIterator[None]:
    """The invented list in both databases: taps look into the bot's, texts into the one of the action server."""
    actions = open_database(stage.running.settings.database(), stage.running.keys)
    try:
        for database in (stage.database, actions):
            await import_table(database, "agencies", FICTIONAL)
        yield
    finally:
        async with actions.begin() as session:
            await session.execute(delete(cases.Agency))
        await actions.close()


async def test_a_report_by_buttons_alone(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.says("/start")
        await stage.presses("Buat laporan", on=await stage.hears())
        shown = await stage.hears(until="(1/7)")
        for label in ("Saya sendiri", "Gaji tidak dibayar", "Hong Kong", "Lewati", "Lewati", "Lewati"):
            shown = await stage.taps(label, shown)
        assert "(7/7)" in shown.text
        shown = await stage.taps("Tanpa nama", shown)
        await stage.presses("Kirim", on=shown)
        number = (await stage.hears(until="tercatat dengan nomor")).text
        summary = await stage.hears(until="Ke mana melapor")
        document = await stage.hears()
    [filed] = await stage.reports()
    assert filed.number in number
    assert "KJRI Hong Kong" in summary.text
    assert document.content["document"]["file_name"] == f"{filed.number}.pdf"
    held = stage.double.world.files[document.content["document"]["file_id"]]
    assert held.startswith(b"%PDF-")
    assert (filed.kind, filed.country, filed.status, filed.anonymous) == ("wage", "HK", "new", True)
    assert await stage.task() is None


async def test_a_report_by_text_alone_with_a_question_and_a_restart_in_the_middle(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.says("/lapor")
        await stage.hears(until="(1/7)")
        await stage.user.says("buat suami saya")
        await stage.hears(until="(2/7)")
        await stage.user.says("gajinya tidak dibayar majikan")
        await stage.hears(until="(3/7)")
        await stage.user.says("sebentar min, bikin paspor berapa biayanya?")
        await stage.hears(until="Sumber:")
        await stage.hears(until="(3/7)")
    async with stage.bot():
        await stage.user.says("taiwan")
        await stage.hears(until="(4/7)")
        await stage.user.says("lewati")
        await stage.hears(until="(5/7)")
        await stage.user.says("sejak agustus majikan tidak membayar gaji suami saya")
        await stage.hears(until="(6/7)")
        await stage.user.says("ada kontrak")
        await stage.hears(until="(7/7)")
        await stage.user.says("Bu Rekaan")
        preview = await stage.hears(until="Kirim ke petugas")
        assert "Negara: Taiwan" in preview.text
        await stage.user.says("kirim")
        await stage.hears(until="tercatat dengan nomor")
        [filed] = await stage.reports()
        assert filed.answers.name == "Bu Rekaan"
        await set_status(stage.database, filed.number, "taken")
        await stage.user.says(f"status laporan {filed.number}")
        await stage.hears(until="sedang ditangani petugas")


async def test_a_report_can_be_stopped_and_leaves_nothing(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.says("/lapor")
        await stage.hears(until="(1/7)")
        await stage.user.says("saya sendiri")
        await stage.hears(until="(2/7)")
        await stage.user.says("/batal")
        await stage.hears(until="dihentikan")
    assert await stage.task() is None
    async with stage.database.read() as session:
        assert list(await session.scalars(select(cases.Report))) == []


async def test_danger_told_in_a_report_gets_its_card_first(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.says("/lapor")
        await stage.hears(until="(1/7)")
        await stage.user.says("saya sendiri")
        await stage.hears(until="(2/7)")
        await stage.user.says("saya dipukuli majikan tiap hari")
        assert "hapus percakapan" in (await stage.hears()).text
        await stage.hears(until="(3/7)")


async def test_a_forwarded_offer_and_its_second_part(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.forwards(OFFER)
        verdict = await stage.hears()
        assert "tanda bahaya" in verdict.text
        assert "“visa turis”" in verdict.text
        await stage.user.forwards("ijazah asli ditahan di kantor ya bu")
        assert "ijazah asli ditahan" in (await stage.hears(until="Dokumen asli ditahan")).text
        await stage.user.says("cara bikin paspor buat tki gimana")
        await stage.hears(until="Sumber:")
    assert await stage.task() is None, "an offer that was judged is left without a word"


async def test_an_offer_by_buttons_and_by_text(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.says("/start")
        await stage.presses("Periksa tawaran kerja", on=await stage.hears())
        await stage.hears(until="Tempel atau teruskan")
        await stage.user.says(OFFER)
        verdict = await stage.hears(until="tanda bahaya")
        await stage.presses("Periksa tawaran lain", on=verdict)
        await stage.hears(until="Tempel atau teruskan")
        await stage.user.says("/batal")
        await stage.hears(until="dihentikan")
    assert await stage.task() is None


async def test_an_agency_without_a_list_and_with_one(stage: Stage) -> None:
    async with stage.bot():
        await stage.user.says("/start")
        await stage.presses("Cek P3MI", on=await stage.hears())
        await stage.hears(until="belum punya daftar")
        asked = await stage.hears(until="ke negara mana")
        await stage.presses("Hong Kong", on=asked)
        await stage.hears(until="SIP2MI")
        async with listed(stage):
            await stage.user.says("tolong cek PT Misal Langit Biru terdaftar atau tidak")
            await stage.hears(until="dibekukan")
            await stage.hears(until="ke negara mana")
    async with stage.bot():
        await stage.user.says("taiwan")
        await stage.hears(until="SIP2MI")
    assert await stage.task() is None


async def test_an_agency_with_a_slip_and_a_question_in_between(stage: Stage) -> None:
    async with listed(stage), stage.bot():
        await stage.user.says("/start")
        await stage.presses("Cek P3MI", on=await stage.hears())
        await stage.hears(until="Tulis nama perusahaannya")
        await stage.user.says("PT Contoh Rekan Samudra Jaya")
        await stage.hears(until="salah satu ini")
        await stage.user.says("paspor hilang gimana ya ngurusnya?")
        await stage.hears(until="Sumber:")
        which = await stage.hears(until="salah satu ini")
        await stage.presses("PT Contoh Rekaan Samudra Jaya", on=which)
        await stage.hears(until="ada dalam daftar P3MI per 1 November 2026")
