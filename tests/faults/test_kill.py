"""`kill -9` of bot, Rasa and actions while people ask: nothing stays unanswered, hardly anything comes twice.

500 updates and 10 kills in each mode; 1,000 and 20: `pytest tests/faults/test_kill.py --full`. One reply a kill may come twice, and in one
stall of over a second (a busy disk) as many as are under way.
"""

import asyncio
import itertools
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.outbox import IN_FLIGHT
from cli.model import train
from core.codes import Code, Kind
from core.engine_client import EngineClient
from core.languages import translator
from core.menus import main_menu
from tests.faults import questions
from tests.faults.questions import Question
from tests.faults.system import Desmi
from tests.telegram_double import TelegramDouble, User
from tests.telegram_double.state import Event

pytestmark = [pytest.mark.rasa, pytest.mark.slow]

# read at import: a fixture takes the product's own variables out of the environment
FULL = os.environ.get("DESMI_FULL") == "1"
SEED = 20
ASKED_EACH = 20
PER_SECOND = 7.0
"""Updates a second while the kills go on."""
STILL_S = 60.0
"""Time without any new reply after which what is missing counts as unanswered."""
LATER = "Maaf, saya sedang lambat."
"""How the word begins that the answer comes later: it may come once for every question."""


@dataclass(slots=True)
class Person:
    """Somebody, what they do in order, and when each was done (seconds, the double's clock)."""

    user: User
    day: list[Question]
    asked_at: dict[int, float] = field(default_factory=dict)

    async def open_page(self) -> None:
        """Open the menu and a theme's page in it, to have topics to tap on."""
        await self.user.says("/menu")
        await self.user.next_message()
        await self.user.taps(str(Code(Kind.THEME, questions.THEME)))
        await self.user.next_edit()

    async def ask(self, number: int) -> None:
        """Do one thing of the day."""
        question = self.day[number]
        self.asked_at[number] = time.time()
        match question.kind:
            case "text":
                await self.user.says(question.value)
            case "tap":
                await self.user.taps(question.value)
            case "location":
                lat, lon = map(float, question.value.split())
                await self.user.shares_location(lat, lon)

    def shown(self) -> list[Event]:
        """Messages of the bot, without the menu that was opened and words that the answer comes later."""
        menu = main_menu(translator("id")).text
        return [
            event
            for event in self.user.seen("message")
            if event.message is not None and not event.message.text.startswith((LATER, menu))
        ]

    def unanswered(self) -> list[Question]:
        """What was asked and has no reply; a location needs its three pins, too."""
        texts = [event.message.text for event in self.shown() if event.message]
        missing = [q for q in self.day if not any(text.startswith(q.answer) for text in texts)]
        pins = {
            event.message.venue["title"] for event in self.shown() if event.message and event.message.venue
        }
        if len(pins) < 3:
            missing += [q for q in self.day if q.kind == "location" and q not in missing]
        return missing

    def repeated(self) -> list[Event]:
        """Messages that stand in the chat already."""
        seen: set[str] = set()
        again = []
        for event in self.shown():
            assert event.message is not None
            content = f"{event.message.text}|{event.message.venue}"
            if content in seen:
                again.append(event)
            seen.add(content)
        return again

    def out_of_order(self) -> list[str]:
        """Written questions whose answer came before that of an earlier one."""
        places = []
        texts = [event.message.text for event in self.shown() if event.message]
        for question in self.day:
            if question.kind == "text":
                place = next((n for n, text in enumerate(texts) if text.startswith(question.answer)), None)
                places.append((place if place is not None else -1, question.value))
        return [value for (before, _), (place, value) in itertools.pairwise(places) if 0 <= place < before]


async def _ask_all(people: list[Person], seconds: float, chance: random.Random) -> None:
    """Let all do their day, each in order, at times spread over `seconds`."""
    plan = sorted(
        (at, person_number, number)
        for person_number, person in enumerate(people)
        for number, at in enumerate(sorted(chance.uniform(0, seconds) for _ in person.day))
    )
    start = time.monotonic()
    for at, person_number, number in plan:
        await asyncio.sleep(max(0.0, start + at - time.monotonic()))
        await people[person_number].ask(number)


async def _kill_some(
    desmi: Desmi, count: int, seconds: float, chance: random.Random
) -> list[tuple[float, str]]:
    """Kill at random moments; each role twice at least."""
    roles = ["bot", "rasa", "actions"] * 2 + chance.choices(["bot", "rasa", "actions"], k=count - 6)
    chance.shuffle(roles)
    start, killed = time.monotonic(), []
    for at, role in zip(sorted(chance.uniform(1, seconds) for _ in roles), roles, strict=True):
        await asyncio.sleep(max(0.0, start + at - time.monotonic()))
        await desmi.kill(role)
        killed.append((time.time(), role))
    return killed


async def _all_answered(double: TelegramDouble, people: list[Person]) -> None:
    """Wait until nothing is missing, or nothing new comes any more."""
    last, since = -1, time.monotonic()
    while any(person.unanswered() for person in people):
        # "typing" shows that somebody tries, not that anything comes
        shown = sum(event.kind == "message" for event in double.world.events)
        if shown != last:
            last, since = shown, time.monotonic()
        if time.monotonic() - since > STILL_S:
            return
        await asyncio.sleep(1.0)
    await asyncio.sleep(5.0)  # a reply too many would come now


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_no_kill_loses_a_question(
    mode: str,
    double: TelegramDouble,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    full = FULL or pytestconfig.getoption("--full", default=False)
    updates, kills = (1000, 20) if full else (500, 10)
    seconds = updates / PER_SECOND
    chance = random.Random(f"{SEED} {mode}")
    train()
    desmi = Desmi(tmp_path / "desmi", double.url, mode)
    await desmi.prepare()
    await desmi.start()
    try:
        await desmi.wait_ready()
        await double.until(lambda: double.calls("getUpdates") or double.world.webhook, 60)
        async with EngineClient(f"http://127.0.0.1:{desmi.rasa_port}") as engine:
            texts = await questions.sure_texts(engine)
        people = [
            Person(double.user(f"orang {number}"), questions.day_of(chance, texts, ASKED_EACH))
            for number in range(updates // ASKED_EACH)
        ]
        for person in people:
            await person.open_page()
        _, killed = await asyncio.gather(
            _ask_all(people, seconds, chance), _kill_some(desmi, kills, seconds, chance)
        )
        await _all_answered(double, people)
        log = desmi.tail()
    finally:
        await desmi.stop()
    missing = {
        person.user.profile["first_name"]: found for person in people if (found := person.unanswered())
    }
    repeated = [event for person in people for event in person.repeated()]
    by_kill = Counter(
        max((k for k in killed if k[0] <= event.at), default=(0.0, "none")) for event in repeated
    )
    with capsys.disabled():
        roles = Counter(role for _at, role in killed)
        print(
            f"\n{mode}: {updates} updates, {len(killed)} kills {dict(roles)}: {sum(map(len, missing.values()))} unanswered, "
            f"{len(repeated)} repeated, after one kill at most {max(by_kill.values(), default=0)}"
        )
    assert len(killed) == kills
    assert missing == {}, log
    assert len(repeated) < kills + IN_FLIGHT, [
        (event.at, event.message and event.message.text[:60]) for event in repeated
    ]
    assert [person.out_of_order() for person in people if person.out_of_order()] == []
