"""Reading a short message in the light of the topics before it. No Rasa here; words and tables: nlu/lexicon/follow_ups.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
LEXICON = ROOT / "nlu" / "lexicon" / "follow_ups.yml"
TOPICS = ROOT / "content" / "topics.yml"

SHORT_WORDS = 8
"""Longest message, in words, that may be a follow-up."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Look:
    """What a message is made of.

    `facets`: what it asks about (cost, place ...), in the order of its words; `subjects`: words that name something of
    their own; `is_case`: whether it opens like "kalau ...", or names a country and nothing else; `words`: how many;
    `named`: words that name a country; `leans`: whether a word points back ("itu", "biayanya", "kalau ...");
    `of_it`: whether its first word of weight is something's, and says not whose ("tiketnya juga?").
    """

    facets: tuple[str, ...]
    subjects: tuple[str, ...]
    is_case: bool
    words: int
    named: int = 0
    leans: bool = False
    of_it: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it is only clear with what came before."""
        return not self.subjects and bool(self.words) and (bool(self.facets) or self.is_case)

    @property
    def may_stand_alone(self) -> bool:
        """Whether it says two things and points back to nothing: "gaji belum dibayar", "kerja di korea gimana"."""
        return not self.leans and len(self.facets) + self.named > 1


class FollowUps:
    """Says what a short message asks about an earlier topic."""

    def __init__(self, raw: Mapping[str, Any], titles: Mapping[str, str]) -> None:
        """`raw`: follow_ups.yml; `titles`: of the topics, by id."""
        self._titles = titles
        self._endings: tuple[str, ...] = tuple(raw["endings"])
        self._facets: dict[tuple[str, ...], str] = {}
        for facet, listed in raw["facets"].items():
            for words in listed:
                self._facets.setdefault(_words(words), facet)
        self._longest = max(map(len, self._facets))
        self._function = {word for entry in raw["function"] for word in _words(entry)}
        self._possessive = str(raw["possessive"])
        self._not_possessive = frozenset(raw["not_possessive"])
        self._fillers = frozenset(raw["fillers"])
        self._pointers = {word for entry in raw["pointers"] for word in _words(entry)}
        self._openers = {_words(entry) for entry in raw["openers"]}
        self._families: dict[str, Mapping[str, Any]] = {}
        for family in raw["families"]:
            for topic in family["topics"]:
                if topic not in titles or topic in self._families:
                    raise ValueError(f"follow_ups.yml: {topic} is no topic, or stands in two families")
                self._families[topic] = family
        self._everywhere: Mapping[str, str] = raw["everywhere"]
        self._by_country: Sequence[Mapping[str, str]] = raw["by_country"]
        named = [*self._everywhere.values(), *(t for group in self._by_country for t in group.values())]
        named += [t for family in raw["families"] for key, t in family.items() if key != "topics"]
        if unknown := sorted(set(named) - titles.keys()):
            raise ValueError(f"follow_ups.yml names {unknown}, which are no topics")

    @classmethod
    def read(cls) -> FollowUps:
        """Read the project's words and topics."""
        topics = yaml.safe_load(TOPICS.read_text("utf-8"))
        titles = {
            f"{theme}/{name}": entry["title"]
            for theme, entries in topics.items()
            for name, entry in entries.items()
        }
        return cls(yaml.safe_load(LEXICON.read_text("utf-8")), titles)

    def known(self, topics: Iterable[Any]) -> list[str]:
        """Those of the topics that exist, in their order."""
        return [topic for topic in topics if topic in self._titles]

    def joined(self, topic: str, text: str) -> str:
        """The message with the topic's title before it: what the classifier reads beside the message alone."""
        return f"{self._titles[topic]} {text}"

    def look(self, text: str, countries: Iterable[str] = ()) -> Look:
        """What a mended text is made of; `countries`: words in it that name one."""
        words = list(_words(text))
        named = {word for country in countries for word in _words(country)}
        facets: list[str] = []
        subjects: list[str] = []
        i = 0
        while i < len(words):
            size, facet = self._facet_at(words[i : i + self._longest])
            if facet is not None:
                facets.append(facet)
            elif not self._is_function(words[i]) and words[i] not in named:
                subjects.append(words[i])
            i += size
        opening = any(tuple(words[: len(opener)]) == opener for opener in self._openers)
        is_case = opening or (bool(named) and not subjects and not facets)
        leans = is_case or any(self._leans(word) for word in words)
        count = sum(word in named for word in words)
        first = next((word for word in words if word not in self._fillers), "")
        return Look(tuple(facets), tuple(subjects), is_case, len(words), count, leans, self._is_of_it(first))

    def target(self, look: Look, topic: str, country: str | None) -> str:
        """The topic that a bare message asks about after `topic`."""
        family = self._families.get(topic, {})
        for facet in look.facets:
            answer = family.get(facet) or self._everywhere.get(facet)
            if answer is not None:
                return str(answer)
        for group in self._by_country:
            if country is not None and country in group and topic in group.values():
                return group[country]
        return topic

    def is_near(self, topic: str, other: str) -> bool:
        """Whether two topics belong together: one family or one theme."""
        family = self._families.get(topic, {})
        return other in family.get("topics", ()) or topic.partition("/")[0] == other.partition("/")[0]

    def _facet_at(self, words: Sequence[str]) -> tuple[int, str | None]:
        for size in range(min(self._longest, len(words)), 0, -1):
            if facet := self._facets.get(tuple(words[:size])):
                return size, facet
        for stem in self._stems(words[0]):
            if facet := self._facets.get((stem,)):
                return 1, facet
        return 1, None

    def _is_function(self, word: str) -> bool:
        return word in self._function or any(stem in self._function for stem in self._stems(word))

    def _leans(self, word: str) -> bool:
        """Whether a word points back: by itself, or by an ending of one that needs none ("biaya-nya")."""
        if word in self._pointers:
            return True
        known = word in self._function or (word,) in self._facets
        return not known and any(
            stem in self._function or (stem,) in self._facets for stem in self._stems(word)
        )

    def _is_of_it(self, word: str) -> bool:
        end = self._possessive
        return word.endswith(end) and len(word) - len(end) >= 3 and word not in self._not_possessive

    def _stems(self, word: str) -> list[str]:
        return [
            word[: -len(end)] for end in self._endings if word.endswith(end) and len(word) - len(end) >= 3
        ]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))
