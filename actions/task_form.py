"""The form of every task of several turns: what was asked, answered and comes next is decided in `core.tasks`."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replying import context_of, given, say_step, state_of
from core.tasks import registry
from core.tasks.task import Step
from core.topics import OUT_OF_SCOPE

SURE = 0.6
"""Confidence from which a text that is no answer counts as a question of its own."""

_SLOTS = frozenset({"task_done", "task_step"})


class ValidateTaskForm(FormValidationAction):
    """Hands the text to the task; a text that is no answer but another question is left to the rules."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "validate_task_form"

    def domain_slots(self, domain: dict[str, Any]) -> list[str]:
        """The form's slots, without the domain, which is not sent along."""
        return ["task_done"]

    async def extract_task_done(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The next step, and whether it is the last; nothing where another topic answers."""
        if tracker.get_slot("task_step"):  # it was started just now
            return {}
        state = state_of(tracker)
        if state is None:
            return {"task_done": True}
        context, answer = context_of(tracker), given(tracker)
        step = await registry.proceed(context, state, answer)
        if step is None:
            if answer.topic not in ("", OUT_OF_SCOPE) and answer.confidence >= SURE:
                return {}
            step = registry.not_understood(context, state)
        found: dict[str, Any] = {"task_step": step.to_dict()}
        return found | ({"task_done": True} if step.state is None else {})

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """What was extracted is settled already."""
        return [SlotSet(name, value) for name, value in tracker.slots_to_validate().items() if name in _SLOTS]


class AskTaskDone(Action):
    """Says the task's step; after another question in between, asks once more."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "action_ask_task_done"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One step."""
        state, found = state_of(tracker), tracker.get_slot("task_step")
        if found:
            say_step(dispatcher, Step.from_dict(found))
        elif state is not None:
            say_step(dispatcher, registry.back(context_of(tracker), state))
        return [SlotSet("task_step", None)]


class EndTask(Action):
    """Says the last step of a task."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "action_end_task"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it and forget it."""
        found = tracker.get_slot("task_step")
        if found:
            say_step(dispatcher, Step.from_dict(found))
        return [SlotSet("task_step", None), SlotSet("task_done", None)]
