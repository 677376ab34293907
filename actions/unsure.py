"""When the message is not understood: the nearest topics as buttons, then a person."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.replying import metadata, say, speaks
from core.unsure import second_miss, suggest


class Unsure(Action):
    """Offers up to three topics; the second time in a row, a person or the menu."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "action_unsure"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Look at the alternatives and at how often this happened before."""
        ranking = [str(entry["name"]) for entry in (tracker.latest_message or {}).get("intent_ranking") or []]
        again = int(metadata(tracker).get("misses") or 0) >= 1
        say(dispatcher, second_miss(speaks(tracker)) if again else suggest(speaks(tracker), ranking))
        return []
