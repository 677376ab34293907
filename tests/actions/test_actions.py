"""The actions alone, with a tracker as Rasa sends it; how they play together is tested against the engine."""

import json
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.find_centre import AskPlace, ShowCentres, ValidateFindCentreForm
from actions.server import Executor
from actions.start_task import StartTask
from actions.unsure import Unsure
from core.atlas import Atlas
from core.catalogue import CONTENT
from core.centres import read_centres, read_offices
from core.gazetteer import Gazetteer, read_areas
from core.languages import LANGUAGES
from core.place_text import load_aliases
from core.places import PlaceFinder
from core.replies import Reply
from core.tasks.replies import REPLIES

DOMAIN = {
    "slots": {"place": {"type": "text"}, "place_hint": {"type": "any"}},
    "forms": {"find_centre_form": {"required_slots": ["place"]}},
}
KENANGA = "32.12.16.2004"
LOMBOK_TIMUR = "52.03"


@pytest.fixture(scope="module")
def real_atlas() -> Atlas:
    gazetteer = Gazetteer.from_areas(read_areas(CONTENT / "geography"))
    centres = read_centres(CONTENT / "centres.csv")
    finder = PlaceFinder(
        gazetteer, load_aliases(CONTENT / "place_aliases.yml"), [centre.area_code for centre in centres]
    )
    return Atlas(finder, gazetteer, centres, read_offices(CONTENT / "offices.csv"), "2026-11-01")


@pytest.fixture(autouse=True)
def _atlas(real_atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.find_centre.atlas", lambda: real_atlas)


def tracker(
    text: str = "",
    *,
    topic: str = "",
    confidence: float = 0.0,
    asked: bool = False,
    hint: Any = None,
    place: str | None = None,
    ranking: list[str] | None = None,
    **metadata: Any,
) -> Tracker:
    theme = topic.partition("/")[0]
    message = {
        "text": text,
        "intent": {"name": theme, "confidence": confidence},
        "response_selector": {theme: {"response": {"intent_response_key": topic}}},
        "intent_ranking": [{"name": name, "confidence": 0.1} for name in ranking or []],
        "metadata": metadata,
    }
    slots = {"place": place, "place_hint": hint, "requested_slot": "place" if asked else None}
    form = {"name": "find_centre_form"} if asked else {}
    return Tracker("someone", slots, message, [], False, None, form, "action_listen")


def tap(code: str) -> Tracker:
    given = tracker(asked=True)
    given.latest_message["metadata"]["place"] = code
    return given


async def slots(given: Tracker) -> dict[str, Any]:
    """The slots that the form's validation sets."""
    events = await ValidateFindCentreForm().run(CollectingDispatcher(), given, DOMAIN)
    return {e["name"]: e["value"] for e in events if e["event"] == "slot" and e["name"] != "requested_slot"}


async def said(action: Any, given: Tracker) -> tuple[list[Reply], list[dict[str, Any]]]:
    """The replies that an action says, and its events."""
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, given, DOMAIN)
    messages = json.loads(json.dumps(dispatcher.messages))
    return [Reply.from_dict(message["custom"]["reply"]) for message in messages], events


# the place


@pytest.mark.parametrize(("lat", "lon"), [(-8.65, 116.53), (0.0, 0.0)])
async def test_a_shared_location_settles_it(lat: float, lon: float) -> None:
    assert await slots(tracker(lat=lat, lon=lon)) == {"place": f"{lat},{lon}", "place_hint": None}


async def test_half_a_location_is_none() -> None:
    assert "place" not in await slots(tracker("halo", lat=-8.65))


async def test_a_tapped_village_settles_it() -> None:
    assert await slots(tap(KENANGA)) == {"place": KENANGA, "place_hint": None}


async def test_a_tapped_regency_is_asked_for_its_district() -> None:
    assert await slots(tap(LOMBOK_TIMUR)) == {"place_hint": {"status": "district", "codes": [LOMBOK_TIMUR]}}


@pytest.mark.parametrize("code", ["99.99", "x", "../etc", "32.12.16.2004 ", "\x00"])
async def test_a_forged_code_finds_nothing(code: str) -> None:
    assert await slots(tap(code)) == {"place_hint": {"status": "none", "codes": []}}


async def test_a_named_village_settles_it() -> None:
    found = await slots(tracker("rumah saya di kenanga kec sindang kab indramayu dekat pasar"))
    assert found == {"place": KENANGA, "place_hint": None}


async def test_several_of_that_name_are_kept_as_candidates() -> None:
    hint = (await slots(tracker("sukorejo", asked=True)))["place_hint"]
    assert hint["status"] == "ask"
    assert len(hint["codes"]) > 1


async def test_an_answer_is_looked_for_in_the_known_regency_first() -> None:
    hint = {"status": "district", "codes": [LOMBOK_TIMUR]}
    found = await slots(tracker("sakra", asked=True, hint=hint))
    assert str(found["place"]).startswith(LOMBOK_TIMUR)


async def test_another_place_altogether_is_taken_too() -> None:
    hint = {"status": "district", "codes": [LOMBOK_TIMUR]}
    found = await slots(tracker("kenanga sindang indramayu", asked=True, hint=hint))
    assert found["place"] == KENANGA


async def test_a_hint_whose_area_is_gone_does_no_harm() -> None:
    hint = {"status": "district", "codes": ["99.99"]}
    assert (await slots(tracker("kenanga sindang indramayu", asked=True, hint=hint)))["place"] == KENANGA


async def test_an_unknown_name_is_said_to_be_unknown() -> None:
    unknown = {"place_hint": {"status": "none", "codes": []}}
    assert await slots(tracker("xqzt", asked=True)) == unknown
    assert await slots(tracker("xqzt", asked=True, topic="documents/passport", confidence=0.3)) == unknown
    assert await slots(tracker("xqzt", asked=True, topic="task/find_centre", confidence=0.99)) == unknown
    assert await slots(tracker("xqzt", asked=True, topic="bot/out_of_scope", confidence=0.99)) == unknown


@pytest.mark.parametrize(
    ("text", "confidence"), [("paspor hilang", 0.9), ("paspor saya hilang harus bagaimana ya", 0.3)]
)
async def test_another_question_is_left_to_its_answer(text: str, confidence: float) -> None:
    given = tracker(text, asked=True, topic="documents/lost_passport", confidence=confidence)
    assert "place" not in await slots(given)
    assert "place_hint" not in await slots(given)


async def test_a_first_question_without_a_place_settles_nothing() -> None:
    assert await slots(tracker("cari kantor terdekat", topic="task/find_centre", confidence=0.99)) == {}


# the question back


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize(
    ("hint", "asks_location", "buttons"),
    [
        (None, True, 0),
        ({"status": "none", "codes": []}, True, 0),
        ({"status": "district", "codes": [LOMBOK_TIMUR]}, True, 0),
        ({"status": "ask", "codes": [KENANGA, "32.12.16", "99.99"]}, False, 2),
        ({"status": "ask", "codes": ["99.99"]}, True, 0),
        ({"status": "district", "codes": []}, True, 0),
        ({"status": "unheard of", "codes": [KENANGA]}, True, 0),
    ],
)
async def test_one_question_in_the_light_of_what_is_known(
    hint: Any, asks_location: bool, buttons: int, language: str
) -> None:
    (reply,), events = await said(AskPlace(), tracker(asked=True, hint=hint, language=language))
    assert reply.text
    assert reply.ask_location is asks_location
    assert len(reply.buttons) == buttons
    assert events == []


# the answer


async def test_three_pins_for_a_village() -> None:
    replies, events = await said(ShowCentres(), tracker(place=KENANGA, language="id"))
    assert [reply.venue is not None for reply in replies] == [False, True, True, True]
    assert "Kenanga" in replies[0].text
    assert replies[0].checked == "2026-11-01"
    assert [event["event"] for event in events] == ["reset_slots"], "the place is forgotten"


async def test_three_pins_for_a_point_without_its_numbers() -> None:
    replies, _events = await said(ShowCentres(), tracker(place="-6.36,108.31"))
    assert len(replies) == 4
    assert "108" not in replies[0].text


@pytest.mark.parametrize("gone", ["32.12.16.9999", "52.03", "", "nan,nan", "x,y", "1,2,3", "1", ",", "None"])
async def test_a_place_that_is_no_more_is_said_to_be_unknown(gone: str) -> None:
    (reply, *rest), events = await said(ShowCentres(), tracker(place=gone))
    assert reply.text
    assert rest == [] or gone == "52.03"
    assert [event["event"] for event in events] == ["reset_slots"]


async def test_far_away_other_offices_are_named() -> None:
    replies, _events = await said(ShowCentres(), tracker(place="1.48,124.85"))
    assert "BP3MI" in replies[0].text


# tasks


def tapped(task: str) -> Tracker:
    return tracker(topic=task, confidence=1.0, language="id")


async def test_the_look_up_is_handed_to_its_form() -> None:
    replies, events = await said(StartTask(), tapped("task/find_centre"))
    assert replies == []
    assert events == [{"event": "followup", "timestamp": None, "name": "find_centre_form"}]


@pytest.mark.parametrize("task", sorted(REPLIES))
async def test_a_task_of_one_reply_says_it(task: str) -> None:
    (reply,), events = await said(StartTask(), tapped(task))
    assert reply.topic == task
    assert events == []


async def test_an_action_runs_without_the_domain_that_rasa_does_not_send() -> None:
    executor = Executor()
    executor.register_action(StartTask())
    given = tapped("task/change_language").current_state()
    result = await executor.run({"next_action": "action_start_task", "sender_id": "s", "tracker": given})
    assert result is not None
    assert len(result.responses) == 1


# not understood


async def test_topics_first_then_a_person() -> None:
    ranking = ["documents/passport", "health/cost", "bot/out_of_scope", "money/salary", "help/abuse"]
    (first,), _ = await said(Unsure(), tracker("mmm", ranking=ranking, misses=0))
    assert [row[0].data for row in first.buttons[:3]] == [
        "1:t:documents/passport",
        "1:t:health/cost",
        "1:t:money/salary",
    ]
    for misses in (1, 2, 9):
        (second,), _ = await said(Unsure(), tracker("mmm", ranking=ranking, misses=misses))
        assert second.buttons[0][0].data == "1:k:human"


@pytest.mark.parametrize(
    "metadata", [{}, {"misses": None}, {"language": None}, {"language": "xx", "misses": 0}]
)
async def test_missing_metadata_is_borne(metadata: dict[str, Any]) -> None:
    replies, _events = await said(Unsure(), tracker("mmm", **metadata))
    assert replies[0].buttons
