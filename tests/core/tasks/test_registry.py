"""What all tasks have in common: steps, digressions, a task left for another, values that travel as JSON."""

import json
from datetime import date

import pytest

from core.languages import translator
from core.tasks import registry
from core.tasks.effects import EffectError, effect, effect_from_dict, effect_to_dict
from core.tasks.task import Context, Given, Step, TaskState
from tests.core.tasks.small_task import OtherTask, SetCountry, SmallTask

CONTEXT = Context(translator("id"), date(2026, 11, 25))


@pytest.fixture(autouse=True)
def _tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "GUIDED", {task.name: task for task in (SmallTask(), OtherTask())})


def test_a_step_survives_json() -> None:
    step = Step(
        TaskState("report", "first", {"a": [1, None]}),
        (SmallTask().ask(CONTEXT, TaskState("report", "first")),),
        (SetCountry("TW"),),
        {"x": {"y": 1}, "gone": None},
        in_place=True,
        notice="baik",
    )
    assert Step.from_dict(json.loads(json.dumps(step.to_dict()))) == step


def test_effects_are_known_by_name() -> None:
    assert effect_from_dict(effect_to_dict(SetCountry("HK"))) == SetCountry("HK")
    with pytest.raises(EffectError, match="no effect"):
        effect_from_dict({"effect": "unknown"})
    with pytest.raises(EffectError, match="two effects"):
        effect("test_country")(SmallTask)


async def test_answers_lead_to_the_end() -> None:
    begun = await registry.begin(registry.GUIDED["report"], CONTEXT, Given("lapor"), None)
    assert begun.state == TaskState("report", "first", {"began": "lapor"})
    second = await registry.proceed(CONTEXT, begun.state, Given("satu"))
    assert second is not None
    assert second.state is not None
    last = await registry.tapped(CONTEXT, second.state, "report:yes")
    assert last is not None
    assert last.state is None
    assert last.effects == (SetCountry("HK"),)


async def test_no_answer_is_left_to_others() -> None:
    state = TaskState("report", "first")
    assert await registry.proceed(CONTEXT, state, Given("cara bikin paspor bagaimana")) is None
    assert await registry.proceed(CONTEXT, TaskState("gone", "first"), Given("ya")) is None
    again = registry.not_understood(CONTEXT, state)
    assert again.state == state
    assert "/batal" in again.replies[0].text
    assert again.replies[1].text == "first?"


@pytest.mark.parametrize("value", ["report:yes", "nothing:x", "", ":", "resume:"])
async def test_an_old_button_is_none(value: str) -> None:
    assert await registry.tapped(CONTEXT, None, value) is None


async def test_a_task_left_for_another_can_be_taken_up_again() -> None:
    left = TaskState("report", "second", {"one": "satu"})
    begun = await registry.begin(registry.GUIDED["check_agency"], CONTEXT, Given(), left)
    assert begun.keeps == {registry.PARKED: left.to_dict()}
    context = Context(CONTEXT.t, CONTEXT.today, keeps=begun.keeps)
    end = await registry.proceed(context, TaskState("check_agency", "second", {"one": "a"}), Given("b"))
    assert end is not None
    way = end.replies[-1].buttons[-1][0].data
    back = await registry.tapped(context, None, way.split(":", 2)[2])
    assert back is not None
    assert back.state == left
    assert back.replies[0].text == "second?"
    assert back.keeps == {registry.PARKED: None}
