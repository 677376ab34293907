"""The conversation by what people send themselves: texts, doubtful ones too, locations, other kinds."""

from dataclasses import replace

import pytest

from core import plain_yaml
from core.codes import Kind
from core.conversation import Conversation
from core.languages import LANGUAGES
from core.outcomes import Alternative, Understanding
from core.replies import Reply
from core.settings import ROOT
from core.topics import OUT_OF_SCOPE
from core.turns import Turn
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import ANSWERS, CHAT, OTHERS, choices, is_main_menu, tap

CANCEL = plain_yaml.load((ROOT / "content" / "phrases.yml").read_text("utf-8"))["cancel"]


# locations


async def test_a_location_looks_for_centres(conversation: Conversation, engine: FakeEngine) -> None:
    outcome = await conversation.handle(CHAT, Turn("location", lat=-8.65, lon=116.53))
    _sender, text, topic, metadata = engine.sent[0]
    assert (text, topic) == ("", "task/find_centre")
    assert (metadata["lat"], metadata["lon"]) == (-8.65, 116.53)
    assert outcome.remove_keyboard
    assert outcome.kind == "task"


# text


async def test_a_question_goes_to_the_engine_as_it_is(conversation: Conversation, engine: FakeEngine) -> None:
    outcome = await conversation.handle(CHAT, Turn("text", "cara bikin paspor gimana"))
    assert engine.sent[0][:3] == ("chat-1", "cara bikin paspor gimana", None)
    assert outcome.understood.topic == "documents/passport"
    assert outcome.replies == (Reply("jawaban", topic="documents/passport"),)
    assert outcome.kind == "answer"


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u3000"])
async def test_an_empty_text_is_answered_kindly(
    conversation: Conversation, engine: FakeEngine, text: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("text", text))
    assert is_main_menu(outcome)
    assert not engine.sent


@pytest.mark.parametrize("text", ["hapus percakapan", "HAPUS PERCAKAPAN!", "tolong hapus percakapan ini"])
async def test_the_quick_exit_erases_without_the_engine(engine: FakeEngine, text: str) -> None:
    engine.down = True
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, Turn("text", text))
    assert outcome.erase
    assert not list(choices(outcome))


@pytest.mark.parametrize("text", CANCEL)
async def test_every_cancel_word_stops_the_task(
    conversation: Conversation, engine: FakeEngine, text: str
) -> None:
    for said in (text, f"  {text.upper()}!! "):
        outcome = await conversation.handle(CHAT, Turn("text", said))
        assert outcome.remove_keyboard
    assert engine.resets == ["chat-1"] * 2
    assert not engine.sent


async def test_cancel_words_within_a_question_do_not_stop(
    conversation: Conversation, engine: FakeEngine
) -> None:
    await conversation.handle(CHAT, Turn("text", "kalau saya batal berangkat, uang kembali tidak?"))
    assert engine.sent
    assert not engine.resets


async def test_the_country_is_remembered_until_another_is_named(
    conversation: Conversation, engine: FakeEngine
) -> None:
    first = await conversation.handle(CHAT, Turn("text", "saya kerja di taiwan"))
    assert first.chat.country == "TW"
    second = await conversation.handle(first.chat, Turn("text", "gaji saya berapa"))
    assert second.chat.country == "TW"
    assert engine.sent[-1][3]["country"] == "TW"
    third = await conversation.handle(second.chat, Turn("text", "kalau malaysia?"))
    assert third.chat.country == "MY"


@pytest.mark.parametrize(
    ("text", "language"),
    [("cara bikin paspor gimana ya", "id"), ("piye carane gawe paspor to", "jv"), ("kumaha carana ngadamel paspor teh", "su"),
     ("how do I get a passport", "en")],
)  # fmt: skip
async def test_the_language_of_a_text_is_told_but_not_forced(
    conversation: Conversation, text: str, language: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("text", text))
    assert outcome.language == language
    assert outcome.chat.language == "id"


async def test_no_reply_of_the_engine_is_no_silence(engine: FakeEngine) -> None:
    engine.replies = []
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, Turn("text", "apa saja"))
    assert is_main_menu(outcome)


# doubt and misses


async def test_a_doubtful_answer_offers_what_else_it_may_be(engine: FakeEngine) -> None:
    others = (Alternative("documents/passport", 0.4), Alternative("documents/lost_passport", 0.3))
    engine.understood = Understanding("documents/passport", 0.4, alternatives=others)
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, Turn("text", "paspor"))
    assert outcome.replies[0].related == ("documents/lost_passport",)
    tapped = await Conversation(engine, ANSWERS).handle(CHAT, tap(Kind.TOPIC, "documents/passport"))
    assert tapped.replies[0].related == ()


async def test_misses_are_counted_told_and_reset(engine: FakeEngine) -> None:
    conversation = Conversation(engine, ANSWERS)
    engine.understood = Understanding(OUT_OF_SCOPE, 0.2, sure=False)
    engine.replies = [Reply("maaf", topic=OUT_OF_SCOPE)]
    first = await conversation.handle(CHAT, Turn("text", "mmm"))
    second = await conversation.handle(first.chat, Turn("text", "mmm"))
    assert [first.chat.misses, second.chat.misses] == [1, 2]
    assert [metadata["misses"] for *_rest, metadata in engine.sent] == [0, 1]
    engine.understood = Understanding("documents/passport", 0.9)
    assert (await conversation.handle(second.chat, Turn("text", "paspor"))).chat.misses == 0


# other kinds


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("what", OTHERS)
async def test_other_kinds_are_answered_kindly(
    conversation: Conversation, engine: FakeEngine, what: str, language: str
) -> None:
    outcome = await conversation.handle(replace(CHAT, language=language), Turn("other", what))
    assert len(outcome.replies[0].text) > 20
    assert not engine.sent
