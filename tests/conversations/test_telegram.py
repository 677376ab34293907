"""Whole conversations over the Telegram double, with the real engine and the trained model."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from bot.client import make_client
from bot.service import Service
from core.assembly import build_conversation
from core.engine_client import EngineClient
from core.guard import default_guard
from core.hotlines import hotlines
from core.storage import Database, models, open_database
from core.storage.migrate import upgrade
from tests.bot.fakes import Running as Edge
from tests.servers import Running
from tests.telegram_double import TelegramDouble
from tests.telegram_double.people import User

pytestmark = pytest.mark.rasa
TOKEN = "123456:ABC"


@dataclass(frozen=True)
class Stage:
    """A bot at work, a person in front of it, and the database behind it."""

    user: User
    double: TelegramDouble
    database: Database
    running: Running
    edge: Edge

    async def hears(self) -> str:
        """The text of the next message."""
        return (await self.user.next_message()).text


@asynccontextmanager
async def staged(double: TelegramDouble, running: Running, database_url: str) -> AsyncIterator[Stage]:
    """A bot on a database; the action server has its own unless it is given that one's address."""
    settings = running.settings.model_copy(update={"database_url": database_url})
    database = open_database(settings.database(), running.keys)
    await upgrade(database.engine)
    client = make_client(TOKEN, double.url)
    await client.initialize()
    async with EngineClient(settings.rasa_url) as engine:
        service = Service(
            settings.model_copy(update={"telegram_mode": "polling"}),
            running.keys,
            database,
            client,
            build_conversation(engine, database),
            default_guard(),
            hotlines().numbers(),
            engine.forget,
        )
        edge = Edge(service)
        try:
            yield Stage(double.user("siti"), double, database, running, edge)
        finally:
            await edge.stop()
            await client.shutdown()
            await database.close()


@pytest.fixture
async def stage(double: TelegramDouble, running: Running, database_url: str) -> AsyncIterator[Stage]:
    """A bot on an empty database of the test's own."""
    async with staged(double, running, database_url) as found:
        yield found


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
