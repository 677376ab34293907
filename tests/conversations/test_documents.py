"""My documents and reminders over the Telegram double: buttons, words, questions in between, a restart, /batal."""

import pytest
from sqlalchemy import select

from core.storage import models
from core.storage.reminders import Reminder
from tests.conversations.stage import Stage, stage
from tests.conversations.test_person import joint, restarted
from tests.telegram_double.state import Message

__all__ = ["joint", "stage"]
pytestmark = pytest.mark.rasa

ANSWERS = ("Istri saya", "Taiwan", "Lewat PT penyalur (P3MI)", "Rumah tangga atau merawat orang", "Menikah")


async def heard(stage: Stage, part: str) -> Message:
    """The next message that says this; others on the way are read over."""
    while part not in (message := await stage.user.next_message()).text:
        continue
    return message


async def kept(stage: Stage) -> dict[str, object]:
    async with stage.database.begin() as session:
        chat = (await session.scalars(select(models.Chat))).one()
        return dict(chat.keeps or {})


async def set_reminders(stage: Stage) -> list[str]:
    async with stage.database.begin() as session:
        return sorted({row.kind for row in await session.scalars(select(Reminder))})


async def test_the_checklist_by_buttons_only_through_a_restart(stage: Stage) -> None:
    await stage.user.says("/dokumen")
    question = await stage.user.next_message()
    for label in ANSWERS[:3]:
        await stage.user.taps(label, on=question)
        question = await stage.user.next_edit()
    await stage.edge.stop()
    async with restarted(stage):
        for label in ANSWERS[3:]:
            await stage.user.taps(label, on=question)
            question = await stage.user.next_edit()
        await stage.user.taps("⏭ Lewati", on=question)
        question = await stage.user.next_edit()
        await stage.user.taps("18 sampai 38 tahun", on=question)
        listed = await stage.user.next_edit()
        assert "istri Anda" in listed.text
        assert "0 dari 16" in listed.text
        assert "Sumber:" in listed.text
        await stage.user.taps("⬜ 9. Paspor", on=listed)
        listed = await stage.user.next_edit()
        assert "1 dari 16" in listed.text
        await stage.user.taps("ℹ️", on=listed)
        page = await heard(stage, "Dukcapil")
        await stage.user.taps("KTP dan KK", on=page)
        await heard(stage, "Sumber:")
        await stage.user.taps("✏️ Ubah jawaban", on=listed)
        await stage.user.taps("Jalur: Lewat PT penyalur (P3MI)", on=await stage.user.next_edit())
        await stage.user.taps("Mandiri, tanpa PT", on=await stage.user.next_edit())
        assert "1 dari 18" in (await stage.user.next_edit()).text
    assert list((await kept(stage))["checklist"]["people"]) == ["wife"]  # type: ignore[index, call-overload]


async def test_the_checklist_by_words_with_a_question_in_between(joint: Stage) -> None:
    await joint.user.says("buatkan daftar dokumen saya")
    await heard(joint, "untuk siapa")
    await joint.user.says("suami saya")
    await heard(joint, "negara mana")
    await joint.user.says("bikin paspor syaratnya apa saja?")
    await heard(joint, "M-Paspor")
    await heard(joint, "negara mana")
    await joint.user.says("hongkong")
    await heard(joint, "jalur apa")
    await joint.edge.stop()
    async with restarted(joint):
        await joint.user.says("lewat pt")
        await heard(joint, "Pekerjaannya apa")
        await joint.user.says("lihat daftar")
        assert "suami Anda" in (await heard(joint, "0 dari 16")).text
        await joint.user.says("ktp sudah, paspor juga, skck belum")
        await heard(joint, "2 dari 16")
        await joint.user.says("selesai")
        await heard(joint, "tersimpan")


async def test_papers_for_a_country_get_the_list_at_once(stage: Stage) -> None:
    await stage.user.says("dokumen apa aja yang harus disiapkan buat ke taiwan")
    listed = await heard(stage, "📋 Dokumen untuk")
    assert "Taiwan" in listed.text
    assert "0 dari 16" in listed.text


async def test_cancelling_the_checklist(stage: Stage) -> None:
    await stage.user.says("/dokumen")
    question = await stage.user.next_message()
    await stage.user.taps("Istri saya", on=question)
    await stage.user.next_edit()
    await stage.user.says("/batal")
    await heard(stage, "dihentikan")
    async with stage.database.begin() as session:
        assert (await session.scalars(select(models.Chat))).one().task is None


async def test_a_reminder_by_words(joint: Stage) -> None:
    await joint.user.says("ingatkan saya paspor habis desember 2029")
    await heard(joint, "Setuju?")
    assert await set_reminders(joint) == []
    await joint.user.says("biaya paspor berapa?")
    await heard(joint, "Rp0")
    await heard(joint, "Setuju?")
    await joint.edge.stop()
    async with restarted(joint):
        await joint.user.says("iya")
        await heard(joint, "pertama kali pada")
        assert await set_reminders(joint) == ["passport"]
        await joint.user.says("hapus pengingat paspor")
        await heard(joint, "dihentikan")
        assert await set_reminders(joint) == []


async def test_a_reminder_by_buttons_listed_and_stopped_with_one_tap(stage: Stage) -> None:
    await stage.user.says("/pengingat")
    question = await stage.user.next_message()
    await stage.user.taps("📄 Kontrak kerja habis", on=question)
    await stage.user.next_edit()
    await stage.user.says("12 juni 2029")
    asked = await heard(stage, "Setuju?")
    await stage.user.taps("WITA", on=asked)
    asked = await stage.user.next_edit()
    assert "(WITA)" in asked.text
    await stage.user.taps("✅ Ya, ingatkan", on=asked)
    saved = await stage.user.next_edit()
    assert await set_reminders(stage) == ["contract"]
    await stage.user.taps("⏰ Lihat pengingat", on=saved)
    listed = await stage.user.next_edit()
    assert "12 Juni 2029" in listed.text
    await stage.user.taps("🗑 1. 📄 Kontrak kerja habis", on=listed)
    assert "dihentikan" in (await stage.user.next_edit()).text
    assert await set_reminders(stage) == []


async def test_calling_a_reminder_off(stage: Stage) -> None:
    await stage.user.says("/pengingat")
    await stage.user.taps("🎓 Orientasi (OPP)", on=await stage.user.next_message())
    await stage.user.next_edit()
    await stage.user.says("/batal")
    await heard(stage, "dihentikan")
    assert await set_reminders(stage) == []
