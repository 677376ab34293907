"""Start the task that was asked for."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replying import context_of, given, say, say_step, speaks, state_of, topic_of
from core.tasks import registry
from core.tasks.replies import REPLIES

_FORMS = {"task/find_centre": "find_centre_form"}


class StartTask(Action):
    """Hands over to the task's form, or says its one reply."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "action_start_task"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Decide by the topic of the latest message."""
        topic = topic_of(tracker)
        if topic in _FORMS:
            return [FollowupAction(_FORMS[topic])]
        if (task := registry.guided(topic)) is not None:
            step = await registry.begin(task, context_of(tracker), given(tracker), state_of(tracker))
            if step.state is not None:
                # the form says it, as it says every step
                return [SlotSet("task_step", step.to_dict()), FollowupAction("task_form")]
            say_step(dispatcher, step)
            return [ActiveLoop(None), SlotSet("requested_slot", None)]
        say(dispatcher, REPLIES[topic](speaks(tracker)))
        return []
