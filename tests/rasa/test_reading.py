"""Reading in the engine: follow-ups, two questions, danger, entities."""

import secrets

import pytest

from core.assembly import build_conversation
from core.engine_client import EngineClient
from core.outcomes import ChatState
from core.turns import Turn

pytestmark = pytest.mark.rasa


async def topics_of(engine: EngineClient, *said: str) -> list[str]:
    """The topic of each message of a new chat; "t:..." taps a topic."""
    conversation = build_conversation(engine, None)
    chat = ChatState(f"test-{secrets.token_hex(6)}")
    found: list[str] = []
    for text in said:
        turn = Turn("tap", f"1:{text}") if text.startswith("t:") else Turn("text", text)
        outcome = await conversation.handle(chat, turn)
        chat = outcome.chat
        found.append(str(outcome.understood.topic))
    return found


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        (("cara bikin paspor gimana", "biayanya berapa?"), "documents/passport_cost"),
        (("t:documents/passport", "bayar brp"), "documents/passport_cost"),
        (("t:health/checkup", "how much is it?"), "health/cost"),
        (("t:health/checkup", "halo"), "bot/greet"),
        (("t:documents/passport", "apa itu desmigratif"), "desmigratif/what"),
    ],
)
async def test_a_short_message_is_read_in_its_context(
    engine: EngineClient, said: tuple[str, ...], topic: str
) -> None:
    assert (await topics_of(engine, *said))[-1] == topic


async def test_a_follow_up_names_another_country(engine: EngineClient) -> None:
    conversation = build_conversation(engine, None)
    chat = ChatState(f"test-{secrets.token_hex(6)}")
    first = await conversation.handle(chat, Turn("text", "gaji di taiwan berapa"))
    assert first.replies[0].text.startswith("Taiwan")
    second = await conversation.handle(first.chat, Turn("text", "kalau hongkong?"))
    assert second.understood.topic == "money/salary"
    assert second.replies[0].text.startswith("Hong Kong")


async def test_two_questions_get_two_answers(engine: EngineClient) -> None:
    conversation = build_conversation(engine, None)
    turn = Turn("text", "biaya paspor berapa sama medikal dimana")
    outcome = await conversation.handle(ChatState(f"test-{secrets.token_hex(6)}"), turn)
    assert [reply.topic for reply in outcome.replies] == ["documents/passport_cost", "health/where"]


async def test_one_question_with_an_and_stays_whole(engine: EngineClient) -> None:
    (understood,) = await engine.parse(["KTP dan KK beda nama"])
    assert understood.questions == ()


async def test_the_danger_that_was_found_is_answered(engine: EngineClient) -> None:
    conversation = build_conversation(engine, None)
    turn = Turn("text", "majikan pukul sy tiap hari di hongkong", danger="help/abuse")
    outcome = await conversation.handle(ChatState(f"test-{secrets.token_hex(6)}"), turn)
    assert outcome.understood.topic == "help/abuse"
    assert outcome.replies[0].topic == "help/abuse"


async def test_entities_stand_in_the_parse(engine: EngineClient) -> None:
    (understood,) = await engine.parse(["bikin paspor ke malasyia bayar 3 juta"])
    named = [(entity["entity"], entity["value"], entity["text"]) for entity in understood.entities]
    assert named == [
        ("document", "passport", "paspor"),
        ("country", "MY", "malasyia"),
        ("money", "IDR 3000000", "3 juta"),
    ]
