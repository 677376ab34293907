"""Phrases: short messages that mean a command, and the words that tasks listen for (`content/phrases.yml`)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from core import plain_yaml
from core.settings import ROOT

_MARKS = re.compile(r"[^\w ]+")
_LONGEST = 40
_MAX_CHARS = 1_000  # answers are short; of a long story the beginning is enough
_TYPO_LETTERS = 6  # a shorter word with a letter wrong is too often another word
_TYPO_RATIO = 88.0


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, tuple[str, ...]]:
    raw = plain_yaml.load((ROOT / "content" / "phrases.yml").read_text("utf-8"))
    return {str(name): tuple(plain(str(phrase)) for phrase in listed) for name, listed in raw.items()}


@lru_cache(maxsize=8)
def _listed(name: str) -> frozenset[str]:
    return frozenset(_phrases()[name])


def plain(text: str) -> str:
    """The words of a text in small letters, one space between them, without marks."""
    return " ".join(_MARKS.sub(" ", text[:_MAX_CHARS].lower()).split())


def is_cancel(text: str) -> bool:
    """Whether the whole message means "stop this"."""
    return len(text) <= _LONGEST and " ".join(_MARKS.sub(" ", text.lower()).split()) in _listed("cancel")


def says(text: str, name: str) -> bool:
    """Whether one of the phrases listed under `name` stands in the text."""
    return find(text, {name: _phrases()[name]}) is not None


def is_question(text: str) -> bool:
    """Whether a message asks something: by its mark, or by a word that asks."""
    return "?" in text or not _listed("question").isdisjoint(_MARKS.sub(" ", text.lower()).split())


def asks(text: str) -> bool:
    """Whether a text looks like a question rather than an answer to what a task asked."""
    return is_question(text) or says(text, "asking")


def find(text: str, wanted: Mapping[str, Iterable[str]]) -> str | None:
    """The key whose phrase stands in the text; of several the longest phrase, then the first in the text."""
    found = find_all(text, wanted)
    return min(found, key=lambda key: (-len(found[key][1].split()), found[key][0])) if found else None


def find_all(text: str, wanted: Mapping[str, Iterable[str]]) -> dict[str, tuple[int, str]]:
    """Each key of which a phrase stands in the text, with the place of its first word and the phrase."""
    words = plain(text).split()
    found: dict[str, tuple[int, str]] = {}
    for key, phrases in wanted.items():
        for phrase in phrases:
            place = _place(words, phrase.split())
            if place is not None and (key not in found or len(phrase) > len(found[key][1])):
                found[key] = (place, phrase)
    return found


def _place(words: list[str], phrase: list[str]) -> int | None:
    size = len(phrase)
    for start in range(len(words) - size + 1):
        if all(map(_same, words[start : start + size], phrase)):
            return start
    return None


def _same(word: str, known: str) -> bool:
    if word == known or word in (known + "nya", known + "ku"):
        return True
    return min(len(word), len(known)) >= _TYPO_LETTERS and fuzz.ratio(word, known) >= _TYPO_RATIO
