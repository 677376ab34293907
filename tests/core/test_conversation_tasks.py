"""Guided tasks in the conversation: by taps and texts, interrupted, cancelled."""

import pytest

from core.answers import read_answers
from core.conversation import Conversation
from core.outcomes import ChatState, EngineAnswer
from core.replies import Reply
from core.tasks import registry
from core.tasks.task import Step, TaskState
from core.turns import Turn
from tests.core.fake_engine import KNOWN, FakeEngine
from tests.core.tasks.small_task import SetCountry, SmallTask


@pytest.fixture
def small_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "GUIDED", {"report": SmallTask()})


@pytest.mark.usefixtures("small_task")
async def test_a_task_goes_on_by_taps_without_the_engine() -> None:
    engine = FakeEngine(down=True)
    conversation = Conversation(engine, read_answers())
    begun = await conversation.handle(ChatState("a"), Turn("tap", "1:k:report"))
    assert begun.chat.task == TaskState("report", "first", {"began": ""})
    second = await conversation.handle(begun.chat, Turn("tap", "1:s:report:yes"))
    assert second.in_place
    last = await conversation.handle(second.chat, Turn("tap", "1:s:report:yes"))
    assert last.chat.task is None
    assert last.chat.keeps == {"answers": "yes, yes"}
    assert last.effects == (SetCountry("HK"),)
    old = await conversation.handle(last.chat, Turn("tap", "1:s:report:yes"))
    assert "sudah lama" in old.replies[0].text


@pytest.mark.usefixtures("small_task")
async def test_a_text_in_a_task_goes_through_the_engine_with_the_state() -> None:
    state = TaskState("report", "first")
    step = Step(TaskState("report", "second", {"one": "a"}), (Reply("second?"),))
    engine = FakeEngine(answer=EngineAnswer(step.replies, KNOWN, step, "task_form"))
    outcome = await Conversation(engine, read_answers()).handle(
        ChatState("a", task=state), Turn("text", "jawaban saya")
    )
    assert engine.sent[0][3]["task"] == state.to_dict()
    assert outcome.chat.task == step.state
    assert outcome.kind == "task"


@pytest.mark.usefixtures("small_task")
async def test_what_came_in_between_leads_back_to_the_task() -> None:
    engine = FakeEngine()
    outcome = await Conversation(engine, read_answers()).handle(
        ChatState("a", task=TaskState("report", "first")), Turn("text", "apa itu desmigratif")
    )
    assert [reply.text for reply in outcome.replies] == ["jawaban", "first?"]
    assert outcome.chat.task is not None


@pytest.mark.usefixtures("small_task")
async def test_cancelling_ends_the_task_and_what_waits() -> None:
    keeps = {registry.PARKED: TaskState("report", "first").to_dict(), "other": 1}
    chat = ChatState("a", task=TaskState("report", "second"), keeps=keeps)
    outcome = await Conversation(FakeEngine(), read_answers()).handle(chat, Turn("text", "batal"))
    assert outcome.chat.task is None
    assert outcome.chat.keeps == {"other": 1}
