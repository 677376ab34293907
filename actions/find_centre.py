"""The nearest centre: settle the place, then show what is near."""

import re
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replying import metadata, say, speaks, topic_of
from actions.resources import atlas
from core import centre_replies
from core.places import PlaceResult, needs_district
from core.topics import OUT_OF_SCOPE

SURE = 0.6
"""Confidence from which a short text counts as a question rather than as the name of a village."""

NAME_WORDS = 4
"""Longest name of a place with its district, in words."""

_POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_SLOTS = frozenset({"place", "place_hint"})


class ValidateFindCentreForm(FormValidationAction):
    """Takes a place from a tap, a shared location or the text."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "validate_find_centre_form"

    def domain_slots(self, domain: dict[str, Any]) -> list[str]:
        """The form's slots, without the domain, which is not sent along."""
        return ["place"]

    async def extract_place(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The slots `place` (settled) or `place_hint` (why not yet); none of them lets another topic answer."""
        facts = metadata(tracker)
        if facts.get("lat") is not None and facts.get("lon") is not None:
            return {"place": f"{facts['lat']},{facts['lon']}", "place_hint": None}
        if facts.get("place"):
            tapped = atlas().finder.place(str(facts["place"]))
            return _settle(PlaceResult("found", (tapped,)) if tapped else PlaceResult("none"))
        text = str((tracker.latest_message or {}).get("text") or "")
        asked = tracker.get_slot("requested_slot") == "place"
        narrowed = text
        hint = tracker.get_slot("place_hint") or {}
        if hint.get("status") == "district":
            wide = atlas().finder.place(hint["codes"][0])
            narrowed = f"{text}, {wide.name}" if wide else text
        result = atlas().finder.find(narrowed, asked=asked)
        if narrowed != text and (result.status == "none" or needs_district(result)):
            # not a part of that regency: perhaps another place altogether
            result = atlas().finder.find(text, asked=asked)
        if result.status != "none":
            return _settle(result)
        if asked and not _asks_something_else(tracker):
            return {"place_hint": {"status": "none", "codes": []}}
        return {}

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """What was extracted is settled already; the library's own version would drop the hint."""
        return [SlotSet(name, value) for name, value in tracker.slots_to_validate().items() if name in _SLOTS]


def _asks_something_else(tracker: Tracker) -> bool:
    """Whether a text that names no known place is a question rather than an unknown name."""
    topic = topic_of(tracker)
    if topic in ("", OUT_OF_SCOPE, centre_replies.TOPIC):
        return False
    message = tracker.latest_message or {}
    sure = float((message.get("intent") or {}).get("confidence") or 0) >= SURE
    return sure or len(str(message.get("text") or "").split()) > NAME_WORDS


def _settle(result: PlaceResult) -> dict[str, Any]:
    """The slots that a look-up's result fills."""
    codes = [place.code for place in result.candidates]
    if result.status == "found" and not needs_district(result):
        return {"place": codes[0], "place_hint": None}
    status = "district" if result.status == "found" else result.status
    return {"place_hint": {"status": status, "codes": codes}}


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
        known = [
            place for code in hint.get("codes") or [] if (place := atlas().finder.place(code)) is not None
        ]
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
        place = atlas().finder.place(value)
        if place is not None:
            lat, lon, name = place.lat, place.lon, centre_replies.place_name(t, place)
        elif (point := _POINT.fullmatch(value)) is not None:
            lat, lon, name = float(point[1]), float(point[2]), ""
            place = atlas().around(lat, lon)
        else:
            # an area that the list no longer holds
            say(dispatcher, centre_replies.unknown_place(t))
            return [AllSlotsReset()]
        near = atlas().near(lat, lon, place)
        area = place.regency_code if place else None
        for reply in centre_replies.nearest_centres(t, near.centres, near.offices, atlas().checked, name):
            say(dispatcher, replace(reply, area=area))
        return [AllSlotsReset()]
