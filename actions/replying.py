"""How an action says a reply: whole, as a custom message of our channel."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from core.languages import Translator, translator
from core.replies import Reply


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send a reply."""
    dispatcher.utter_message(json_message={"reply": reply.to_dict()})


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
