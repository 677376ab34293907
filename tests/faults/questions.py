"""Questions whose answers tell by their content which question they answer."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from core import plain_yaml
from core.answers import read_answers
from core.codes import Code, Kind
from core.engine_client import EngineClient
from core.guard import default_guard
from core.menus import PAGE
from core.settings import ROOT
from core.topics import EMERGENCIES, of_theme
from nlu.components.follow_ups import FollowUps

THEME = "documents"
"""The theme whose page of topics each person opens, to tap on it."""
LOCATED = "Pusat Desmigratif terdekat dari lokasi Anda"
_TRIED, _AT_ONCE = 3, 10
_SURE = 0.7
"""Confidence from which a sentence with a subject of its own is never read in the light of another."""
_LEAST_CHARS = 30
"""Answers that begin alike would be taken for one another; those with a shorter beginning of their own are left out."""


@dataclass(frozen=True, slots=True)
class Question:
    """One action of a person: `kind` is text, tap or location; `answer` is how its reply begins."""

    kind: str
    value: str
    answer: str


@lru_cache(maxsize=1)
def beginnings() -> Mapping[str, str]:
    """Topic to the first words of its answer, for topics with one answer that no other begins like."""
    known = {
        topic: answer.text.split("[[")[0].strip()[:80]
        for topic, answer in read_answers().items()
        if not (answer.by_country or answer.numbers_first)
    }
    found = {}
    for topic, start in known.items():
        alike = [
            other
            for name, other in known.items()
            if name != topic and other[:_LEAST_CHARS] == start[:_LEAST_CHARS]
        ]
        if len(start) >= _LEAST_CHARS and not alike and topic not in EMERGENCIES:
            found[topic] = start
    return found


def _examples() -> Mapping[str, list[str]]:
    """The first training sentences of each topic."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "nlu").glob("*.yml")):
        for entry in plain_yaml.load(path.read_text("utf-8")).get("nlu") or ():
            if "intent" in entry:
                lines = str(entry["examples"]).splitlines()
                # the topic's own entry stands before those of its look-alikes of a danger
                found.setdefault(entry["intent"], [line.removeprefix("- ") for line in lines][:_TRIED])
    return found


async def sure_texts(engine: EngineClient) -> Mapping[str, str]:
    """Topic to a sentence that is surely understood as it whatever came before, and that alarms no guard."""
    guard, starts, examples = default_guard(), beginnings(), _examples()
    follow_ups = FollowUps.read()
    wanted = {
        topic for topic in examples if topic in starts and topic.partition("/")[0] not in ("bot", "task")
    }
    found: dict[str, str] = {}
    for number in range(_TRIED):
        left = sorted(topic for topic in wanted - set(found) if len(examples[topic]) > number)
        pairs = [(topic, text) for topic in left if guard.check(text := examples[topic][number]) is None]
        for start in range(0, len(pairs), _AT_ONCE):
            part = pairs[start : start + _AT_ONCE]
            for (topic, text), understood in zip(part, await engine.parse([t for _, t in part]), strict=True):
                sure = understood.sure and (understood.confidence or 0) >= _SURE
                if sure and understood.topic == topic and not follow_ups.look(text).is_bare:
                    found[topic] = text
    return found


def day_of(person: random.Random, texts: Mapping[str, str], count: int) -> list[Question]:
    """What one person does: one shared location, a third taps, the rest texts, each of its own topic."""
    starts = beginnings()
    page = [topic.id for topic in of_theme(THEME)[:PAGE] if topic.id in starts]
    tapped = person.sample(page, min(count // 3, len(page)))
    written = person.sample(sorted(set(texts) - set(tapped)), count - 1 - len(tapped))
    lat, lon = person.uniform(-7.8, -6.6), person.uniform(107.0, 112.5)
    day = [
        Question("location", f"{lat:.4f} {lon:.4f}", LOCATED),
        *(Question("tap", str(Code(Kind.TOPIC, topic)), starts[topic]) for topic in tapped),
        *(Question("text", texts[topic], starts[topic]) for topic in written),
    ]
    person.shuffle(day)
    return day
