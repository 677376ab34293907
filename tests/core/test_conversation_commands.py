"""The conversation by command: menus, questions that a command asks, and commands that nobody knows."""

import pytest

from core.codes import Code, Kind
from core.conversation import Conversation
from core.languages import LANGUAGES
from core.topics import EMERGENCIES
from core.turns import Turn
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import CHAT, choices, is_main_menu


@pytest.mark.parametrize("name", ["start", "menu", "help"])
async def test_menus_by_command(conversation: Conversation, engine: FakeEngine, name: str) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", name))
    assert outcome.kind == "menu"
    assert is_main_menu(outcome)
    assert not engine.sent


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("kantor", "task/find_centre"),
        ("privasi", "bot/privacy"),
        ("privacy", "bot/privacy"),
    ],
)
async def test_commands_that_ask_the_engine(
    conversation: Conversation, engine: FakeEngine, name: str, topic: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", name, argument="apa saja"))
    assert [(sender, text, asked) for sender, text, asked, _ in engine.sent] == [("chat-1", "", topic)]
    assert outcome.understood.topic == topic


async def test_the_emergency_menu_names_every_danger_and_a_number(conversation: Conversation) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", "darurat"))
    codes = {choice.data for choice in choices(outcome)}
    assert {str(Code(Kind.TOPIC, topic)) for topic in EMERGENCIES} <= codes
    assert "0-800-1000" in outcome.replies[0].text.replace(" ", "-")


async def test_languages_and_erasing_are_asked_by_command(conversation: Conversation) -> None:
    spoken = await conversation.handle(CHAT, Turn("command", "bahasa"))
    assert [c.text for c in choices(spoken)] == [language.name for language in LANGUAGES.values()]
    erase = await conversation.handle(CHAT, Turn("command", "hapus"))
    assert [c.data for c in choices(erase)] == ["1:x:yes", "1:x:no"]
    assert not erase.erase


async def test_cancelling_leaves_the_task(conversation: Conversation, engine: FakeEngine) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", "batal"))
    assert engine.resets == ["chat-1"]
    assert outcome.remove_keyboard
    assert is_main_menu(outcome)


async def test_where_nobody_can_answer_numbers_are_named(
    conversation: Conversation, engine: FakeEngine
) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", "petugas"))
    assert outcome.kind == "task"
    assert "[[" not in outcome.replies[0].text
    assert outcome.chat.task is None
    assert not engine.sent


@pytest.mark.parametrize("name", ["", "hapuss", "help/abuse{}", "restart", "START", "1:x:yes"])
async def test_an_unknown_command_shows_the_menu(
    conversation: Conversation, engine: FakeEngine, name: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", name))
    assert is_main_menu(outcome)
    assert not engine.sent
    assert not outcome.erase
