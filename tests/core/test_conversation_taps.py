"""The conversation by taps: all that buttons can say, those of old and foreign messages too."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.codes import Kind
from core.conversation import Conversation
from core.languages import LANGUAGES
from core.outcomes import Understanding
from core.topics import topics
from core.turns import Turn
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import ANSWERS, CHAT, is_main_menu, tap


@pytest.mark.parametrize("topic", sorted(ANSWERS))
async def test_every_topic_can_be_tapped(conversation: Conversation, engine: FakeEngine, topic: str) -> None:
    outcome = await conversation.handle(replace(CHAT, misses=3), tap(Kind.TOPIC, topic))
    assert engine.sent[0][2] == topic
    assert outcome.understood == Understanding(topic, 1.0)
    assert outcome.danger is None, "who chooses to read about it need not be in danger"
    assert outcome.chat.misses == 0


@pytest.mark.parametrize("task", [topic for topic in topics() if topic.startswith("task/")])
async def test_every_task_can_be_tapped(conversation: Conversation, engine: FakeEngine, task: str) -> None:
    outcome = await conversation.handle(CHAT, tap(Kind.TASK, task.removeprefix("task/")))
    asked = {topic for _sender, _text, topic, _metadata in engine.sent}
    assert task in asked | {outcome.understood.topic}
    assert outcome.kind == "task"


async def test_pages_of_a_theme_are_turned_in_place(conversation: Conversation) -> None:
    for value in ("", "migration", "migration.1", "migration.2", "bot"):
        outcome = await conversation.handle(CHAT, tap(Kind.THEME, value))
        assert outcome.in_place
        assert outcome.replies[0].buttons


async def test_a_tapped_place_goes_to_the_task(conversation: Conversation, engine: FakeEngine) -> None:
    await conversation.handle(CHAT, tap(Kind.PLACE, "32.12.16"))
    assert engine.sent[0][2:] == (
        "task/find_centre",
        {"language": "id", "country": None, "misses": 0, "topics": [], "place": "32.12.16"},
    )


@pytest.mark.parametrize(
    ("value", "feedback"), [("+:17", (17, 1)), ("-:9", (9, -1)), (f"+:{2**63 - 1}", (2**63 - 1, 1))]
)
async def test_feedback(
    conversation: Conversation, engine: FakeEngine, value: str, feedback: tuple[int, int]
) -> None:
    outcome = await conversation.handle(CHAT, tap(Kind.HELPFUL, value))
    assert outcome.feedback == feedback
    assert outcome.notice
    assert not outcome.replies
    assert not engine.sent


@pytest.mark.parametrize("code", list(LANGUAGES))
async def test_the_language_changes_at_once(conversation: Conversation, code: str) -> None:
    outcome = await conversation.handle(CHAT, tap(Kind.LANGUAGE, code))
    assert outcome.chat.language == code
    assert outcome.language == code
    assert outcome.in_place
    assert is_main_menu(outcome)


async def test_erasing_needs_a_yes(conversation: Conversation) -> None:
    assert (await conversation.handle(CHAT, tap(Kind.ERASE, "yes"))).erase
    kept = await conversation.handle(CHAT, tap(Kind.ERASE, "no"))
    assert not kept.erase
    assert kept.replies


OLD = (
    "", "x", ":", "::", "1", "1:", "1:t", "1:t:", "0:t:documents/passport", "2:t:documents/passport",
    "1:T:documents/passport", "1:t:documents/nothing", "1:t:task/find_centre", "1:t:documents", "1:t:../../etc",
    "1:m:nothing", "1:m:migration.99", "1:m:migration.0", "1:m:migration.²", "1:m:migration.-1", "1:m:task", "1:m:.1",
    "1:k:nothing", "1:k:", "1:f:", "1:f:+:", "1:f:*:1", "1:f:+:1.5", "1:f:+:²", "1:f:+:-1", "1:f:+:9223372036854775808",
    "1:f:+:" + "9" * 50, "1:l:", "1:l:xx", "1:l:../id", "1:x:", "1:x:YES", "1:x:maybe",
    "1:t:documents/passport" + "x" * 60, "1:m:" + "é" * 31, "/help/abuse{}", "\x00", "1:t:\x00", "\ud800", "1:t:\udfff",
)  # fmt: skip


@pytest.mark.parametrize("code", OLD)
async def test_old_and_foreign_buttons_show_the_menu(
    conversation: Conversation, engine: FakeEngine, code: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("tap", code))
    assert is_main_menu(outcome)
    assert "sudah lama" in outcome.replies[0].text
    assert not engine.sent
    assert not outcome.erase
    assert outcome.feedback is None


@settings(max_examples=300)
@given(st.one_of(st.text(), st.builds("1:{}:{}".format, st.sampled_from("tmkpflxh"), st.text())))
async def test_any_button_code_is_borne(code: str) -> None:
    outcome = await Conversation(FakeEngine(), ANSWERS).handle(CHAT, Turn("tap", code))
    assert outcome.replies or outcome.notice
