"""Talking to a person over the Telegram double: the queue, the talk, the way back; consent and links beside it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from sqlalchemy import delete, select

from core import handover
from core.storage import models
from core.storage.handovers import Handover, LinkScan
from core.storage.staff import Staff
from core.storage.types import now
from tests.conversations.stage import Stage, at_work, stage, staged
from tests.servers import Running
from tests.telegram_double import TelegramDouble

__all__ = ["stage"]
pytestmark = pytest.mark.rasa

ASK = "🙋 Bicara dengan petugas"
BACK = "↩️ Kembali ke Desmi"


async def _staffed(stage: Stage) -> None:
    async with stage.database.begin() as session:
        session.add(Staff(name="ani", role="reviewer", password="x"))


@pytest.fixture(name="stage")
async def stage_with_staff(stage: Stage) -> Stage:
    """A bot, and somebody of the staff."""
    await _staffed(stage)
    return stage


@pytest.fixture
async def joint(double: TelegramDouble, running: Running) -> AsyncIterator[Stage]:
    """The same on the database that the action server reads: texts go through it."""
    async with staged(double, running, running.settings.database_url) as found:
        await _staffed(found)
        try:
            yield found
        finally:
            async with found.database.begin() as session:
                for table in (models.Chat, Staff):
                    await session.execute(delete(table))


async def row(stage: Stage) -> Handover:
    async with stage.database.begin() as session:
        return (await session.scalars(select(Handover).order_by(Handover.id.desc()).limit(1))).one()


async def replies(stage: Stage, text: str) -> None:
    """A member of the staff writes."""
    number = (await row(stage)).id
    async with stage.database.begin() as session:
        await handover.reply(session, number, await handover.officer(session, "ani"), text, now())


async def talks(stage: Stage) -> None:
    """Somebody asks for a person, and one comes."""
    await stage.user.says("/petugas")
    await stage.user.taps("Langsung minta petugas", on=await stage.user.next_message())
    await stage.user.next_edit()
    await replies(stage, "Halo, ada apa?")
    assert "Petugas sekarang bersama Anda" in await stage.hears()
    assert await stage.hears() == "👤 Petugas: Halo, ada apa?"


async def test_by_buttons_only(stage: Stage) -> None:
    await stage.user.says("/start")
    await stage.user.taps(ASK, on=await stage.user.next_message())
    question = await stage.user.next_message()
    assert "Senin" in question.text
    await stage.user.taps("Langsung minta petugas", on=question)
    queued = await stage.user.next_edit()
    assert "nomor 1" in queued.text
    await stage.user.taps("🔄 Antrean saya", on=queued)
    await stage.user.taps("Keluar dari antrean", on=queued)
    assert "keluar dari antrean" in await stage.hears()
    assert (await row(stage)).outcome == "left"


async def test_by_text_only_and_with_a_digression(joint: Stage) -> None:
    await joint.user.says("mau bicara dengan petugas")
    assert "Ceritakan masalah Anda" in await joint.hears()
    await joint.user.says("bikin paspor syaratnya apa saja?")
    assert "paspor" in (await joint.hears()).lower()
    assert "Ceritakan masalah Anda" in await joint.hears()
    await joint.user.says("majikan saya di taiwan belum bayar gaji tiga bulan, hp saya 081234567890")
    assert "nomor 1" in await joint.hears()
    found = await row(joint)
    assert "belum bayar gaji" in found.about
    assert "081234567890" not in found.about
    assert not found.urgent
    await joint.user.says("biaya paspor berapa")
    assert "Sumber:" in await joint.hears(), "whoever waits is still answered"


async def test_while_a_person_has_the_chat_desmi_is_silent(stage: Stage) -> None:
    await talks(stage)
    await stage.user.says("bikin paspor syaratnya apa saja?")
    await stage.user.says("/menu")
    assert "sedang berbicara dengan petugas" in await stage.hears()
    async with stage.database.begin() as session:
        said = await handover.said(session, (await row(stage)).chat)
    assert "bikin paspor syaratnya apa saja?" in [message.text for message in said]
    await stage.user.says("tolong saya dipukuli majikan sekarang")
    assert "Hubungi sekarang" in await stage.hears()
    assert (await row(stage)).urgent
    await stage.user.taps(BACK, on=None)
    assert "kembali berbicara dengan Desmi" in await stage.hears()
    await stage.user.says("bikin paspor syaratnya apa saja?")
    assert "Sumber:" in await stage.hears()


async def test_cancelling_works_in_the_question_and_in_the_talk(stage: Stage) -> None:
    await stage.user.says("/petugas")
    await stage.hears()
    await stage.user.says("/batal")
    assert "dihentikan" in await stage.hears()
    await stage.hears()  # the menu
    await talks(stage)
    await stage.user.says("batal")
    assert "kembali berbicara dengan Desmi" in await stage.hears()
    assert (await row(stage)).state == "closed"


def restarted(stage: Stage) -> AbstractAsyncContextManager[object]:
    """Another process of the bot on the same database, after the first was stopped."""
    return at_work(stage.double, stage.running, stage.database)


async def test_a_restart_in_the_middle_changes_nothing(joint: Stage) -> None:
    await joint.user.says("/petugas")
    await joint.hears()
    await joint.edge.stop()
    async with restarted(joint):
        await joint.user.says("gaji saya dipotong terus")
        assert "nomor 1" in await joint.hears()
    await replies(joint, "Sejak kapan?")
    async with restarted(joint):
        assert "Petugas sekarang bersama Anda" in await joint.hears()
        assert "Sejak kapan?" in await joint.hears()
        await joint.user.says("sejak maret")
        await joint.user.says("/menu")
        assert "sedang berbicara dengan petugas" in await joint.hears()


async def test_danger_is_asked_nothing_and_goes_first(stage: Stage) -> None:
    await stage.user.says("tolong saya dipukuli majikan tiap hari di hongkong")
    card = await stage.user.next_message()
    await stage.user.taps(ASK, on=card)
    while "Anda didahulukan" not in (text := await stage.hears()):
        continue
    assert "nomor 1" in text
    assert (await row(stage)).urgent


async def test_an_expired_talk_goes_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await talks(stage)
    async with stage.database.begin() as session:
        found = await handover.live(session, (await row(stage)).chat)
        assert found is not None
        found.last_staff_at = found.last_person_at = found.asked_at.replace(year=2025)
    monkeypatch.setattr("bot.giving_back.LOOK_S", 0.05)
    await stage.edge.stop()
    async with restarted(stage):
        assert "kembali berbicara dengan Desmi" in await stage.hears()


# consent


async def consent(stage: Stage) -> bool | None:
    async with stage.database.begin() as session:
        return (await session.scalars(select(models.Chat))).one().consent


async def test_consent_is_asked_once_after_help_and_can_be_taken_back(stage: Stage) -> None:
    await stage.user.says("bikin paspor syaratnya apa saja?")
    answer = await stage.user.next_message()
    await stage.user.taps("Membantu? 👍", on=answer)
    question = await stage.user.next_message()
    assert "minta izin" in question.text
    assert await consent(stage) is None
    await stage.user.taps("Ya, boleh", on=question)
    await stage.user.next_edit()
    assert await consent(stage) is True
    await stage.user.taps("Membantu? 👍", on=answer)
    await stage.user.says("/izin")
    page = await stage.user.next_message()
    assert "Anda mengizinkan" in page.text
    await stage.user.taps("Tidak boleh", on=page)
    await stage.user.next_edit()
    assert await consent(stage) is False


# links


async def test_a_posters_link_opens_its_centre_and_is_counted(stage: Stage) -> None:
    async with stage.database.begin() as session:
        session.add(
            models.Centre(
                area_code="32.12.16.2004", village="Contoh", district="Sindang", regency="Kab. Indramayu",
                province="Jawa Barat", year=None, lat=-6.4, lon=108.3, source_title="Uji",
                source_url="https://example.org", source_date="2019", note="",
            )
        )  # fmt: skip
        session.add(models.Fact(key="centres checked", value="2026-11-23"))
    for payload in ("c-32-12-16-2004", "c-32.12.16.2004"):
        await stage.user.says(f"/start {payload}")
        assert "Desa Contoh" in await stage.hears()
        assert "venue" in (await stage.user.next_message()).content
        assert "Halo, saya Desmi" in await stage.hears()
    await stage.user.says("/start t-documents_passport")
    assert "paspor" in (await stage.hears()).lower()
    await stage.hears()
    for unknown in ("c-99-99-99-9999", "x", "t-documents_nothing"):
        await stage.user.says(f"/start {unknown}")
        assert "Halo, saya Desmi" in await stage.hears()
    async with stage.database.begin() as session:
        scans = {scan.link: scan.scans for scan in await session.scalars(select(LinkScan))}
    assert scans == {"c-32-12-16-2004": 2, "t-documents_passport": 1}
