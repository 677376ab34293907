"""Checklist words: what a typed answer says about the questions and the papers of the checklist."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.checklist import AGE, COUNTRY, WHO, Checklist, Item, Question
from core.countries import find_country
from core.phrases import find, find_all, plain, says

_CLAUSE = re.compile(r"[,;.\n]|\btapi\b|\btp\b|\bdan\b|\bnanging\b|\btapina\b|\bbut\b|\band\b")
_AGED = re.compile(r"\b(\d{1,2})\s*(?:th|thn|tahun|taun|years?|yo)\b")
_NUMBER = re.compile(r"\d{1,2}")
_LONGEST = 12
"""Words of a message up to which it may be an answer; a longer one is a story."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """What a text says about papers: got, not yet got, or only named."""

    have: tuple[str, ...] = ()
    lack: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def short(text: str) -> bool:
    """Whether a text is short enough to be an answer."""
    return len(plain(text).split()) <= _LONGEST


def option_of(rules: Checklist, asked: Question, text: str) -> str | None:
    """The option that an answer to this question means."""
    if asked.id == COUNTRY:
        return find_country(text)
    if asked.id == AGE and (years := _NUMBER.search(plain(text))) is not None and not _words(asked, text):
        return rules.age(int(years[0]))
    return _words(asked, text)


def _words(asked: Question, text: str) -> str | None:
    told = find(text, {option.id: (*option.words, plain(option.label)) for option in asked.options})
    return told or find(text, {option.id: option.replies for option in asked.options})


def profile_of(rules: Checklist, text: str) -> dict[str, str]:
    """What a message tells by the way: "saya lajang 22 tahun mau ke jepang lewat pt".

    Only words that mean one thing are taken: "sudah" or "sendiri" answer a question but say nothing by themselves.
    """
    found: dict[str, str] = {}
    for asked in rules.questions:
        if asked.id == COUNTRY:
            value = find_country(text)
        elif asked.id == AGE:
            aged = _AGED.search(plain(text))
            value = rules.age(int(aged[1])) if aged else None
        else:
            value = find(text, {option.id: option.words for option in asked.options})
        if value is not None and not (asked.id == WHO and value == "self"):
            found[asked.id] = value
    return found


def ticks_of(text: str, items: Sequence[Item]) -> Ticks:
    """Which papers a text names, by word or by number in the list, and whether they are there."""
    said: dict[str, bool] = {}  # what is said of a paper first counts
    waiting: list[str] = []
    before: bool | None = None
    for clause in _CLAUSE.split(text.lower()):
        waiting += _named(clause, items)
        now = False if says(clause, "lack") else True if says(clause, "have") else None
        if now is None and says(clause, "also"):
            now = before
        if now is not None:
            for name in waiting:
                said.setdefault(name, now)
            waiting, before = [], now
    if not said and re.fullmatch(r"[\d\s,;.dan&]+", text.lower()):
        said, waiting = dict.fromkeys(waiting, True), []  # numbers alone: these are there
    have = tuple(name for name, there in said.items() if there)
    lack = tuple(name for name, there in said.items() if not there)
    return Ticks(have, lack, tuple(dict.fromkeys(waiting)))


def _named(clause: str, items: Sequence[Item]) -> list[str]:
    numbers = [int(number) for number in _NUMBER.findall(plain(clause))]
    by_number = [items[number - 1].id for number in numbers if 1 <= number <= len(items)]
    words: Mapping[str, Sequence[str]] = {item.id: item.words for item in items}
    found = find_all(clause, words)
    longest: dict[int, tuple[int, str]] = {}
    for name, (place, phrase) in found.items():
        # "surat izin keluarga" names one paper, not also the family card
        size = len(phrase.split())
        for at in range(place, place + size):
            if at not in longest or longest[at][0] < size:
                longest[at] = (size, name)
    by_word = [name for _at, (_size, name) in sorted(longest.items())]
    return list(dict.fromkeys((*by_number, *by_word)))
