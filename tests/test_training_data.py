"""What the training sentences must offer: enough of them, of every length, in every language, dangers above all.

An entry of `nlu/*.yml` with `metadata: {looks_like: help/...}` holds sentences that a guard could take for that danger.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from core import plain_yaml
from core.languages import SOURCE, detect
from core.settings import ROOT
from core.topics import EMERGENCIES, OUT_OF_SCOPE

FEWEST = 40
FEWEST_OUT_OF_SCOPE = 300
FEWEST_LOOKALIKES = 3 * FEWEST
FEWEST_OF = {"jv": 6, "su": 4, "en": 3}
"""Sentences a topic that `detect` tells for the language: it misses some, so the true figures are higher."""
SHORT, LONG = 2, 40
"""Words: each topic has a sentence as short and one as long as a voice note put into writing."""
LONGEST = 60


def _entries() -> Iterator[tuple[str, str | None, list[str]]]:
    """Topic, the emergency that the sentences look like if marked so, the sentences."""
    for path in sorted((ROOT / "nlu").glob("*.yml")):
        for entry in plain_yaml.load(path.read_text("utf-8"))["nlu"]:
            if "intent" in entry:
                lines = entry["examples"].strip().splitlines()
                alike = entry.get("metadata", {}).get("looks_like")
                yield entry["intent"], alike, [line.strip()[2:].strip() for line in lines]


ENTRIES = tuple(_entries())
SENTENCES: dict[str, list[str]] = defaultdict(list)
for _topic, _, _lines in ENTRIES:
    SENTENCES[_topic] += _lines


def test_enough_sentences_a_topic() -> None:
    assert {t: len(s) for t, s in SENTENCES.items() if len(s) < FEWEST} == {}
    assert len(SENTENCES[OUT_OF_SCOPE]) >= FEWEST_OUT_OF_SCOPE


def test_emergencies_have_three_times_as_many() -> None:
    calm = [len(s) for t, s in SENTENCES.items() if t not in EMERGENCIES and t != OUT_OF_SCOPE]
    least = 3 * sorted(calm)[len(calm) // 2]
    assert {t: len(SENTENCES[t]) for t in EMERGENCIES if len(SENTENCES[t]) < least} == {}


def test_lookalikes_of_each_emergency_have_three_times_as_many() -> None:
    marked = [(topic, alike, lines) for topic, alike, lines in ENTRIES if alike]
    assert {alike for _, alike, _ in marked} == set(EMERGENCIES)
    assert [topic for topic, _, _ in marked if topic in EMERGENCIES] == []
    alike: dict[str, list[str]] = defaultdict(list)
    for topic, emergency, lines in marked:
        if topic != OUT_OF_SCOPE:  # the figure that counts is that of questions which Desmi answers
            alike[emergency] += lines
    assert {name: len(lines) for name, lines in alike.items() if len(lines) < FEWEST_LOOKALIKES} == {}
    spoken = {name: Counter(map(detect, lines)) for name, lines in alike.items()}
    lacking = {(n, lang) for n, c in spoken.items() for lang, fewest in FEWEST_OF.items() if c[lang] < fewest}
    assert lacking == set()


@pytest.mark.parametrize("language", FEWEST_OF)
def test_every_topic_speaks_every_language(language: str) -> None:
    counts = {t: Counter(map(detect, s)) for t, s in SENTENCES.items()}
    assert language != SOURCE
    assert {t: c[language] for t, c in counts.items() if c[language] < FEWEST_OF[language]} == {}


def test_every_topic_has_short_and_long_sentences() -> None:
    words = {t: [len(line.split()) for line in s] for t, s in SENTENCES.items()}
    assert {t: min(n) for t, n in words.items() if min(n) > SHORT} == {}
    assert {t: max(n) for t, n in words.items() if max(n) < LONG} == {}
    assert {t: max(n) for t, n in words.items() if max(n) > LONGEST} == {}
