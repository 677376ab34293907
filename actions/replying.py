"""How an action says a reply: whole, as a custom message of our channel."""

from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.resources import database
from core.languages import Translator, translator
from core.replies import Reply
from core.tasks.task import Context, Given, Step, TaskState


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send a reply."""
    dispatcher.utter_message(json_message={"reply": reply.to_dict()})


def say_step(dispatcher: CollectingDispatcher, step: Step) -> None:
    """Send what a task does next: its replies, its state and what it writes."""
    dispatcher.utter_message(json_message={"step": step.to_dict()})


def given(tracker: Tracker) -> Given:
    """The latest message as a task's answer, and what it would be as a question of its own."""
    message = tracker.latest_message or {}
    confidence = float((message.get("intent") or {}).get("confidence") or 0)
    forwarded = bool(metadata(tracker).get("forwarded"))
    return Given(str(message.get("text") or "").strip(), None, topic_of(tracker), confidence, forwarded)


def state_of(tracker: Tracker) -> TaskState | None:
    """The task in hand, as the bot told it."""
    task = metadata(tracker).get("task")
    return TaskState.from_dict(task) if task else None


def context_of(tracker: Tracker) -> Context:
    """What a task may look at."""
    facts = metadata(tracker)
    return Context(
        speaks(tracker),
        date.today(),
        facts.get("country"),
        dict(facts.get("keeps") or {}),
        database(),
        str(tracker.sender_id),
    )


def metadata(tracker: Tracker) -> dict[str, Any]:
    """What the bot told of this message: language, country, a tapped place, a shared position."""
    return dict((tracker.latest_message or {}).get("metadata") or {})


def speaks(tracker: Tracker) -> Translator:
    """The translator for the person's language."""
    return translator(str(metadata(tracker).get("language") or ""))


def topic_of(tracker: Tracker) -> str:
    """The decided topic of the latest message, empty if none."""
    selectors = (tracker.latest_message or {}).get("response_selector") or {}
    intent = ((tracker.latest_message or {}).get("intent") or {}).get("name")
    response = (selectors.get(intent) or {}).get("response") or {}
    return str(response.get("intent_response_key") or "")
