"""What a message names, found by closed lists: countries, documents, kinds of work, schemes, places, money, dates. No Rasa here."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.components.nearness import NearWords, distance, most_common

ROOT = Path(__file__).resolve().parent.parent.parent
LISTS = ROOT / "nlu" / "lexicon" / "entities.yml"
COUNTRIES = ROOT / "content" / "countries.yml"

_WORD = re.compile(r"[^\W_]+")
_MAX_CHARS = 4_000
_SURE_NAME = 5  # letters of a place's name that needs no "di" before it
_LONG = 8
_TYPO_LETTERS = 6  # shorter words have too many neighbours


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that a text names; `start` and `end` are places in the text, `text` what stands there."""

    entity: str
    value: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Name:
    entity: str
    value: str
    sure: bool = True


class EntityLists:
    """Finds entities; built once, from the lists of the project."""

    def __init__(self, raw: Mapping[str, Any], countries: Iterable[Mapping[str, Any]], places: Iterable[str]):
        """`raw`: entities.yml; `countries`: the entries of countries.yml; `places`: names as in the geography files."""
        self._endings = tuple(raw["endings"])
        self._after = frozenset(raw["place"]["after"])
        self._names: dict[tuple[str, ...], _Name] = {}
        for country in countries:
            for name in (country["name"], *country["names"]):
                self._add(str(name), _Name("country", country["id"]))
        for entity, values in raw["lists"].items():
            for value, names in values.items():
                for name in names:
                    self._add(name, _Name(entity, value))
        prefixes = sorted(raw["place"]["prefixes"], key=len, reverse=True)
        for place in places:
            short = place.lower()
            for prefix in prefixes:
                short = short.removeprefix(f"{prefix} ")
            sure = len(short) >= _SURE_NAME and short not in raw["place"]["ambiguous"]
            self._add(place.lower(), _Name("place", place))
            self._add(short, _Name("place", place, sure))
        self._longest = max(map(len, self._names))
        single = [key[0] for key in self._names if len(key) == 1 and len(key[0]) >= _TYPO_LETTERS]
        self._near = NearWords(most_common(single))
        self._money = _Money(raw["money"])
        self._dates = _Dates(raw["date"])

    def _add(self, name: str, what: _Name) -> None:
        # the first list that names a word keeps it: a country before a place
        self._names.setdefault(tuple(_WORD.findall(name.lower())), what)

    @classmethod
    def read(cls) -> EntityLists:
        """Read the project's lists."""
        raw = yaml.safe_load(LISTS.read_text("utf-8"))
        countries = yaml.safe_load(COUNTRIES.read_text("utf-8"))["countries"]
        places: list[str] = []
        for path in raw["place"]["files"]:
            with (ROOT / path).open(encoding="utf-8", newline="") as lines:
                places += [row["name"] for row in csv.DictReader(lines)]
        return cls(raw, countries, places)

    def find(self, text: str) -> list[Entity]:
        """All entities of a text in their order; none overlaps another."""
        text = text[:_MAX_CHARS]
        low = text.lower()
        if len(low) != len(text):  # a few letters grow when made small, and places would be off
            low = text
        found = [*self._money.find(low), *self._dates.find(low)]
        taken = [(e.start, e.end) for e in found]
        words = list(_WORD.finditer(low))
        i = 0
        while i < len(words):
            size, name = self._at([w.group() for w in words[max(0, i - 1) : i + self._longest]], i > 0)
            start, end = words[i].start(), words[i + max(size, 1) - 1].end()
            if name is not None and not any(start < e and s < end for s, e in taken):
                found.append(Entity(name.entity, name.value, start, end, ""))
            i += max(size, 1)
        found.sort(key=lambda e: e.start)
        return [Entity(e.entity, e.value, e.start, e.end, text[e.start : e.end]) for e in found]

    def _at(self, words: list[str], has_previous: bool) -> tuple[int, _Name | None]:
        """The longest name that begins at a place: how many words it has, and what it is."""
        previous = words[0] if has_previous else ""
        rest = words[1:] if has_previous else words
        for size in range(min(self._longest, len(rest)), 0, -1):
            name = self._names.get(tuple(rest[:size]))
            if name is not None and (name.sure or previous in self._after):
                return size, name
        word = rest[0]
        for ending in self._endings:
            name = self._names.get((word.removesuffix(ending),))
            if word.endswith(ending) and len(word) - len(ending) >= 4 and name is not None and name.sure:
                return 1, name
        near = self._meant(word) if len(word) >= _TYPO_LETTERS else None
        name = self._names[(near,)] if near is not None else None
        return (1, name) if name is not None and name.sure else (0, None)

    def _meant(self, word: str) -> str | None:
        """The single-word name that a misspelt word stands for: one slip, in a long word any."""
        near = self._near.by_safe_slip(word)
        if near is None and len(word) >= _LONG:
            near = self._near.by_slips(word)
        return near if near is not None and distance(word, near, 1) <= 1 else None


class _Money:
    """Amounts: a number with a currency, or with a word such as "juta"."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._units: Mapping[str, int] = raw["units"]
        self._currencies = {sign: code for code, signs in raw["currencies"].items() for sign in signs}
        signs = "|".join(map(re.escape, sorted(self._currencies, key=len, reverse=True)))
        units = "|".join(sorted(self._units, key=len, reverse=True))
        self._amount = re.compile(
            rf"(?:(?<!\w)(?P<before>{signs})\.?\s?)?(?<![\w.,])(?P<number>\d(?:[\d.,]{{0,14}}\d)?)(?:\s?(?P<unit>{units})(?!\w))?"
            rf"(?:\s?(?P<after>{signs})(?!\w))?"
        )
        self._glued = re.compile(
            rf"(?<!\w)(?P<before>{signs})(?P<number>\d(?:[\d.,]{{0,14}}\d)?)(?:\s?(?P<unit>{units})(?!\w))?"
        )

    def find(self, text: str) -> Iterator[Entity]:
        """Amounts as `CODE number`, with IDR where only "juta" or "ribu" tells that it is money."""
        done = 0
        for match in sorted(
            [*self._amount.finditer(text), *self._glued.finditer(text)], key=lambda m: (m.start(), -m.end())
        ):
            groups = match.groupdict()
            sign, unit = groups["before"] or groups.get("after"), groups["unit"]
            if match.start() < done or not (sign or unit):
                continue
            number = _number(groups["number"], unit is not None)
            if number is None:
                continue
            done = match.end()
            amount = number * self._units.get(unit or "", 1)
            yield Entity(
                "money",
                f"{self._currencies.get(sign or '', 'IDR')} {amount:.15g}",
                match.start(),
                match.end(),
                "",
            )


def _number(written: str, small: bool) -> float | None:
    """An Indonesian number: "5.100" is five thousand, "1,5" one and a half; before "juta" "1.5" is too."""
    plain = written.rstrip(".,")
    if small and re.fullmatch(r"\d{1,3}[.,]\d{1,2}", plain):
        return float(plain.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain):
        return float(re.sub(r"[.,]", "", plain))
    plain = plain.replace(".", "").replace(",", ".")
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


class _Dates:
    """Days, months with a year, and words such as "bulan depan"."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._months = {name: number for number, name in enumerate(raw["months"], 1)} | dict(raw["short"])
        months = "|".join(sorted(self._months, key=len, reverse=True))
        self._named = re.compile(
            rf"(?<!\w)(?:(?P<day>\d{{1,2}})[ -])?(?P<month>{months})(?:[ -](?P<year>(?:19|20)\d\d))?(?!\w)"
        )
        self._figures = re.compile(
            r"(?<![\w/.-])(?:(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
            r"|(?P<day2>\d{1,2})[/.-](?P<month2>\d{1,2})[/.-](?P<year2>(?:19|20)\d\d))(?![\w/.-])"
        )
        relative = "|".join(sorted(raw["relative"], key=len, reverse=True))
        self._relative = re.compile(rf"(?<!\w)(?:{relative})(?!\w)")

    def find(self, text: str) -> Iterator[Entity]:
        """Dates as YYYY-MM-DD, YYYY-MM or --MM-DD; relative ones as their words."""
        for match in self._figures.finditer(text):
            g = match.groupdict()
            yield from _dated(
                match, g["year"] or g["year2"], int(g["month"] or g["month2"]), g["day"] or g["day2"]
            )
        for match in self._named.finditer(text):
            if match["day"] or match["year"]:  # a month alone may be a name or another word
                yield from _dated(match, match["year"], self._months[match["month"]], match["day"])
        for match in self._relative.finditer(text):
            yield Entity("date", match.group(), match.start(), match.end(), "")


def _dated(match: re.Match[str], year: str | None, month: int, day: str | None) -> Iterator[Entity]:
    if not 1 <= month <= 12 or (day is not None and not 1 <= int(day) <= 31):
        return
    value = f"{year or '-'}-{month:02d}" + (f"-{int(day):02d}" if day else "")
    yield Entity("date", value, match.start(), match.end(), "")
