"""The one form of all tasks, with a tracker as Rasa sends it; whole conversations are tested against the engine."""

import json
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.start_task import StartTask
from actions.task_form import AskTaskDone, EndTask, ValidateTaskForm
from core.tasks import registry
from core.tasks.task import Step, TaskState
from tests.core.tasks.small_task import SmallTask

DOMAIN: dict[str, Any] = {
    "slots": {"task_done": {"type": "bool"}, "task_step": {"type": "any"}},
    "forms": {"task_form": {"required_slots": ["task_done"]}},
}
FIRST = TaskState("report", "first")
SECOND = TaskState("report", "second", {"one": "satu"})


@pytest.fixture(autouse=True)
def _small_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "GUIDED", {"report": SmallTask()})
    monkeypatch.setattr("actions.replying.database", lambda: None)


def tracker(
    text: str, state: TaskState | None, topic: str = "", confidence: float = 0.0, step: Any = None
) -> Tracker:
    theme = topic.partition("/")[0]
    message = {
        "text": text,
        "intent": {"name": theme, "confidence": confidence},
        "response_selector": {theme: {"response": {"intent_response_key": topic}}},
        "metadata": {"language": "id"} | ({"task": state.to_dict()} if state else {}),
    }
    slots = {"task_step": step, "task_done": None, "requested_slot": "task_done"}
    return Tracker("someone", slots, message, [], False, None, {"name": "task_form"}, "action_listen")


async def slots(given: Tracker) -> dict[str, Any]:
    events = await ValidateTaskForm().run(CollectingDispatcher(), given, DOMAIN)
    return {e["name"]: e["value"] for e in events if e["event"] == "slot" and e["name"] != "requested_slot"}


async def steps(action: Any, given: Tracker) -> tuple[list[Step], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, given, DOMAIN)
    messages = json.loads(json.dumps(dispatcher.messages))
    return [Step.from_dict(message["custom"]["step"]) for message in messages], events


async def test_an_answer_leads_to_the_next_step_and_the_last_ends_the_form() -> None:
    found = await slots(tracker("satu", FIRST))
    assert Step.from_dict(found["task_step"]).state == TaskState("report", "second", {"one": "satu"})
    assert "task_done" not in found
    assert (await slots(tracker("dua", SECOND)))["task_done"] is True


async def test_a_sure_question_is_left_to_its_topic() -> None:
    question = tracker("cara bikin paspor bagaimana", FIRST, "documents/passport", 0.9)
    assert await slots(question) == {}


@pytest.mark.parametrize(
    ("topic", "confidence"), [("", 0.0), ("bot/out_of_scope", 0.9), ("documents/passport", 0.3)]
)
async def test_what_is_neither_is_asked_again(topic: str, confidence: float) -> None:
    found = await slots(tracker("entah apa ini maksudnya", FIRST, topic, confidence))
    step = Step.from_dict(found["task_step"])
    assert step.state == FIRST
    assert "/batal" in step.replies[0].text


async def test_a_form_without_a_task_ends() -> None:
    assert await slots(tracker("halo", None)) == {"task_done": True}


async def test_a_step_is_said_once_and_the_question_again_after_a_digression() -> None:
    step = Step(SECOND, (SmallTask().ask(None, SECOND),))  # type: ignore[arg-type]
    said, events = await steps(AskTaskDone(), tracker("satu", FIRST, step=step.to_dict()))
    assert said == [step]
    assert [(event["name"], event["value"]) for event in events] == [("task_step", None)]
    said, _events = await steps(AskTaskDone(), tracker("cara bikin paspor", FIRST))
    assert [reply.text for reply in said[0].replies] == ["first?"]
    assert said[0].state == FIRST
    said, _events = await steps(EndTask(), tracker("dua", SECOND, step=step.to_dict()))
    assert said == [step]


async def test_a_task_is_started_by_its_form() -> None:
    said, events = await steps(StartTask(), tracker("saya mau lapor", None, "task/report", 0.9))
    assert said == []
    assert [event.get("name") for event in events] == ["task_step", "task_form"]
