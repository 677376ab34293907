"""The conversation while the engine is down: what is kept for later, and what is answered without it."""

import pytest

from core.codes import Kind
from core.conversation import Conversation
from core.languages import LANGUAGES
from core.outcomes import ChatState, EngineDownError
from core.turns import Turn
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import ANSWERS, CHAT, tap


async def test_a_text_is_kept_for_later(engine: FakeEngine) -> None:
    engine.down = True
    conversation = Conversation(engine, ANSWERS)
    for turn in (Turn("text", "cara bikin paspor"), Turn("location", lat=-6.9, lon=107.1), Turn("command", "kantor"),
                 Turn("text", "batal"), tap(Kind.TASK, "find_centre"), tap(Kind.PLACE, "32.12.16")):  # fmt: skip
        with pytest.raises(EngineDownError):
            await conversation.handle(CHAT, turn)


@pytest.mark.parametrize("topic", sorted(ANSWERS))
async def test_a_topic_is_answered_from_what_is_written(engine: FakeEngine, topic: str) -> None:
    engine.down = True
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, tap(Kind.TOPIC, topic))
    reply = outcome.replies[0]
    assert reply.topic == topic
    assert reply.sources == ANSWERS[topic].sources
    assert (reply.checked, reply.related) == (ANSWERS[topic].checked, ANSWERS[topic].related)
    assert "[[" not in reply.text
    assert outcome.understood.topic == topic


@pytest.mark.parametrize(
    "task", ["checklist", "check_agency", "check_offer", "report", "human", "change_language", "delete_data"]
)
async def test_a_task_of_one_reply_works_too(engine: FakeEngine, task: str) -> None:
    engine.down = True
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, tap(Kind.TASK, task))
    assert outcome.replies[0].text
    assert outcome.kind == "task"


async def test_menus_erasing_and_languages_work_too(engine: FakeEngine) -> None:
    engine.down = True
    conversation = Conversation(engine, ANSWERS)
    for command in ("start", "menu", "help", "darurat", "bahasa", "hapus", "dokumen", "privasi", "privacy"):
        assert (await conversation.handle(CHAT, Turn("command", command))).replies
    assert (await conversation.handle(CHAT, tap(Kind.ERASE, "yes"))).erase
    assert (await conversation.handle(CHAT, tap(Kind.LANGUAGE, "su"))).chat.language == "su"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_offline_says_that_the_question_is_kept(conversation: Conversation, language: str) -> None:
    reply = conversation.offline(ChatState("c", language))
    assert reply.buttons
    assert "[[" not in reply.text


async def test_a_forwarded_offer_is_checked_at_once(conversation: Conversation, engine: FakeEngine) -> None:
    engine.down = True
    offer = Turn("text", "Loker ART Dubai, pakai visa turis, DP 3 juta", forwarded=True)
    outcome = await conversation.handle(CHAT, offer)
    assert outcome.understood.topic == "task/check_offer"
    assert "visa turis" in outcome.replies[0].text
