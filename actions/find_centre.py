"""The nearest centre: settle the place, then show what is near."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

from actions.replying import metadata, say, speaks, topic_of
from actions.resources import atlas
from core import centre_replies
from core.centres import FAR_KM, nearest, offices_for
from core.places import Place, needs_district
from core.topics import OUT_OF_SCOPE

CHECKED = "2026-11-23"
"""When the shipped list of centres was made (data README)."""


class ValidateFindCentreForm(FormValidationAction):
    """Takes a place from a tap, a shared location or the text."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "validate_find_centre_form"

    async def extract_place(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The slots `place` (settled) or `place_hint` (why not yet); none of them lets another topic answer."""
        if (tracker.slots or {}).get("requested_slot") is None and tracker.get_slot("place"):
            return {}
        facts = metadata(tracker)
        if facts.get("lat") is not None and facts.get("lon") is not None:
            return {"place": f"{facts['lat']},{facts['lon']}", "place_hint": None}
        if facts.get("place"):
            tapped = atlas().finder.get(str(facts["place"]))
            return _settle([tapped] if tapped else [], "found" if tapped else "none")
        text = str((tracker.latest_message or {}).get("text") or "")
        narrowed = text
        hint = tracker.get_slot("place_hint") or {}
        if hint.get("status") == "district":
            wide = atlas().finder.get(hint["codes"][0])
            narrowed = f"{text}, {wide.name}" if wide else text
        result = atlas().finder.find(narrowed)
        if result.status == "none" and narrowed != text:
            result = atlas().finder.find(text)
        if result.status != "none":
            return _settle(list(result.candidates), result.status)
        asked = (tracker.active_loop or {}).get("name") == "find_centre_form"
        topic = topic_of(tracker)
        if asked and (topic in ("", OUT_OF_SCOPE) or (text and topic == centre_replies.TOPIC)):
            return {"place_hint": {"status": "none", "codes": []}}
        return {}


def _settle(candidates: list[Place], status: str) -> dict[str, Any]:
    if status == "none":
        return {"place_hint": {"status": "none", "codes": []}}
    if status == "ask":
        return {"place_hint": {"status": "ask", "codes": [place.code for place in candidates]}}
    if needs_district(candidates[0]):
        return {"place_hint": {"status": "district", "codes": [candidates[0].code]}}
    return {"place": candidates[0].code, "place_hint": None}


class AskPlace(Action):
    """Asks for the place, in the light of what is already known."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "action_ask_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One question."""
        t = speaks(tracker)
        hint = tracker.get_slot("place_hint") or {}
        known = [place for code in hint.get("codes") or [] if (place := atlas().finder.get(code)) is not None]
        match hint.get("status"):
            case "ask" if known:
                say(dispatcher, centre_replies.which_place(t, known))
            case "district" if known:
                say(dispatcher, centre_replies.which_district(t, known[0]))
            case "none":
                say(dispatcher, centre_replies.unknown_place(t))
            case _:
                say(dispatcher, centre_replies.ask_place(t))
        return []


class ShowCentres(Action):
    """Shows the three nearest centres, and other offices when they are far."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "action_show_centres"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer and forget the place."""
        t = speaks(tracker)
        value = str(tracker.get_slot("place") or "")
        place = atlas().finder.get(value)
        if place is not None:
            lat, lon, name = place.lat, place.lon, centre_replies.place_name(t, place)
        else:
            lat, lon = (float(part) for part in value.split(","))
            name = ""
        found = nearest(atlas().centres, lat, lon)
        offices: list[Any] = []
        if not found or found[0][1] > FAR_KM:
            home = place or atlas().finder.around(lat, lon)
            offices = list(offices_for(atlas().offices, home.regency or "", home.province, lat, lon))
        for reply in centre_replies.nearest_centres(t, found, offices, CHECKED, name):
            say(dispatcher, reply)
        return [AllSlotsReset()]
