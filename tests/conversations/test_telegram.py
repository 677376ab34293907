"""Whole conversations over the Telegram double, with the real engine and the trained model."""

import asyncio

import pytest
from sqlalchemy import select

from core.storage import models
from tests.conversations.stage import Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.rasa


async def test_a_question_gets_a_dated_answer_that_can_be_rated(stage: Stage) -> None:
    await stage.user.says("min mau tanya, bikin paspor buat tki syaratnya apa aja ya")
    answer = await stage.user.next_message()
    assert "paspor" in answer.text.lower()
    assert "Sumber:" in answer.text
    assert "diperiksa 23 November 2026" in answer.text
    assert any("Membantu" in label for label in answer.labels)
    await stage.user.taps("👎", on=answer)
    assert "Terima kasih" in (await stage.user.next_answer())["text"]
    async with stage.database.begin() as session:
        rated = list(await session.scalars(select(models.Message).where(models.Message.feedback == -1)))
    assert [message.topic for message in rated] == ["documents/passport"]


async def test_everything_is_reached_by_buttons(stage: Stage) -> None:
    await stage.user.says("/start")
    menu = await stage.user.next_message()
    await stage.user.taps("Kesehatan", on=menu)
    page = await stage.user.next_edit()
    await stage.user.taps("Hasil unfit", on=page)
    assert "unfit" in (await stage.hears()).lower()


async def test_the_nearest_centre_by_words_and_by_location(stage: Stage) -> None:
    await stage.user.says("/kantor")
    await stage.hears()
    await stage.user.says("sukorejo ponorogo")
    assert "Pusat Desmigratif terdekat" in await stage.hears()
    pins = [await stage.user.next_message() for _ in range(3)]
    assert all("venue" in pin.content for pin in pins)
    await stage.user.shares_location(-8.6573, 116.5331)
    while "Pusat Desmigratif terdekat" not in (text := await stage.hears()):
        continue
    assert "km" in text


async def test_danger_gets_its_card_before_anything_else(stage: Stage) -> None:
    await stage.user.says("tolong saya dipukuli majikan tiap hari di hongkong")
    card = await stage.hears()
    assert "999" in card
    assert "hapus percakapan" in card
    async with stage.database.begin() as session:
        chat = await session.scalar(select(models.Chat))
    assert chat is not None
    assert chat.danger == "help/abuse"


async def test_english_menus_and_back(stage: Stage) -> None:
    await stage.user.says("/bahasa")
    choice = await stage.user.next_message()
    await stage.user.taps("English", on=choice)
    assert "Language changed" in (await stage.user.next_edit()).text
    await stage.user.says("/darurat")
    emergency = await stage.hears()
    assert "danger" in emergency.lower()


async def test_an_old_button_and_an_unknown_command_lead_to_the_menu(stage: Stage) -> None:
    await stage.user.says("/start")
    menu = await stage.user.next_message()
    await stage.user.taps_old("0:lama:sekali", on=menu)
    assert "sudah lama" in await stage.hears()
    await stage.user.says('/help/abuse{"x": 1}')
    assert await stage.hears()


async def test_deleting_leaves_nothing(stage: Stage) -> None:
    await stage.user.says("NIK saya 3201234567890001, hp 081234567890, paspornya gimana")
    await stage.user.next_message()
    async with stage.database.begin() as session:
        chat = await session.scalar(select(models.Chat))
        assert chat is not None
        said = list(await session.scalars(select(models.Message.text)))
    assert not any("3201234567890001" in text or "081234567890" in text for text in said)
    await stage.user.says("/hapus")
    question = await stage.user.next_message()
    await stage.user.taps("Ya, hapus semua", on=question)
    await stage.user.next_edit()
    async with asyncio.timeout(30):
        while not await _gone(stage, chat.id):  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0.05)


async def _gone(stage: Stage, chat: str) -> bool:
    async with stage.database.begin() as session:
        if await session.get(models.Chat, chat) is not None:
            return False
        for table in (models.Message, models.Outgoing, models.Update):
            if list(await session.scalars(select(table.chat).where(table.chat == chat))):
                return False
    return True
