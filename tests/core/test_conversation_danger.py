"""Danger in the conversation: what the model sees, what the guard found, and the help card."""

import pytest

from core.conversation import SURE_OF_DANGER, Conversation
from core.languages import LANGUAGES
from core.outcomes import ChatState, Understanding
from core.topics import EMERGENCIES
from core.turns import Turn
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import ANSWERS, CHAT


@pytest.mark.parametrize("topic", sorted(EMERGENCIES))
async def test_an_emergency_that_the_model_sees_is_danger(engine: FakeEngine, topic: str) -> None:
    conversation = Conversation(engine, ANSWERS)
    engine.understood = Understanding(topic, SURE_OF_DANGER)
    assert (await conversation.handle(CHAT, Turn("text", "kata-kata"))).danger == topic
    engine.understood = Understanding(topic, SURE_OF_DANGER - 0.01)
    assert (await conversation.handle(CHAT, Turn("text", "kata-kata"))).danger is None
    engine.understood = Understanding(topic, None)
    assert (await conversation.handle(CHAT, Turn("text", "kata-kata"))).danger is None


async def test_what_the_guard_found_stands(engine: FakeEngine) -> None:
    conversation = Conversation(engine, ANSWERS)
    assert (await conversation.handle(CHAT, Turn("text", "x y", danger="help/abuse"))).danger == "help/abuse"
    engine.understood = Understanding("help/confined", 0.99)
    assert (await conversation.handle(CHAT, Turn("text", "x y", danger="help/abuse"))).danger == "help/abuse"
    assert (
        await conversation.handle(CHAT, Turn("other", "photo", danger="help/abuse"))
    ).danger == "help/abuse"


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
@pytest.mark.parametrize("country", [None, "MY", "ID", "SA", "ZZ"])
@pytest.mark.parametrize("topic", sorted(EMERGENCIES))
def test_the_help_card_needs_nothing_else(
    conversation: Conversation, engine: FakeEngine, topic: str, country: str | None, language: str
) -> None:
    engine.down = True
    card = conversation.card(ChatState("c", language, country), topic)
    assert card.topic == topic
    assert "[[" not in card.text
    assert any(character.isdigit() for character in card.text)
