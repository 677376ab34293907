"""Hotlines: the only place of telephone numbers; texts name them as [[hotline:ID]] and show them with their date."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core import plain_yaml
from core.languages import mark as _
from core.languages import translator
from core.replies import Source

ROOT = Path(__file__).resolve().parent.parent
HOTLINES = ROOT / "content" / "hotlines.yml"

ANYWHERE = "*"
"""The country of a line that can be called from everywhere."""
HOME = "ID"
FRESH_YEARS = 3
"""A number seen within this many years is shown with its month, an older one with a warning."""

_PLACEHOLDER = re.compile(r"\[\[hotline:([A-Za-z0-9_]+)\]\]")
_SEEN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_ID = re.compile(r"[a-z0-9_]+")
NEEDED = frozenset({"kp2mi", "kp2mi_abroad"})
"""The lines that menus name by themselves: a list without them is of no use."""
CHANNELS = ("phone", "whatsapp", "sms")
_FIELDS = frozenset(
    {
        "id",
        "name",
        "country",
        "kind",
        "numbers",
        "channel",
        "hours",
        "languages",
        "topics",
        "seen",
        "source",
        "note",
    }
)

_FRESH = _("%(numbers)s (%(name)s, terlihat %(date)s)")
_OLD = _("%(numbers)s (%(name)s, terakhir terlihat %(year)s, mungkin berubah)")
_UNKNOWN = _("%(numbers)s (%(name)s, tanggal tidak diketahui)")


class HotlineError(ValueError):
    """content/hotlines.yml is not as it must be; the message names every line that is wrong."""


@dataclass(frozen=True, slots=True)
class Hotline:
    """A line to call or write to.

    `country` is the ISO code of where the number works, "*" for everywhere; `seen` the date of the newest source
    that shows it (YYYY, YYYY-MM or YYYY-MM-DD), empty where unknown.
    """

    id: str
    name: str
    country: str
    kind: str
    numbers: tuple[str, ...]
    channel: str
    hours: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    seen: str
    source: Source
    note: str

    def is_fresh(self, today: date) -> bool:
        """Whether the number was seen within the last three years."""
        last = _last_day(self.seen)
        return last is not None and (today - last).days <= FRESH_YEARS * 365 + 1


def _last_day(seen: str) -> date | None:
    """The first day of what `seen` names: a bare year counts from its January, so that it ages early, not late."""
    match = _SEEN.fullmatch(seen)
    if not match:
        return None
    return date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))


class Hotlines:
    """All lines, by id, in the file's order."""

    def __init__(self, lines: Mapping[str, Hotline]) -> None:
        self._lines = dict(lines)

    def __iter__(self) -> Iterator[Hotline]:
        return iter(self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, line_id: str) -> bool:
        return line_id in self._lines

    def get(self, line_id: str) -> Hotline:
        """The line with this id.

        Raises:
            KeyError: There is none.
        """
        return self._lines[line_id]

    def for_country(self, code: str) -> list[Hotline]:
        """The lines that work in a country only (not those that work everywhere), in the file's order."""
        return [line for line in self if line.country == code]

    def numbers(self) -> frozenset[str]:
        """Every number as written: what redaction must keep readable."""
        return frozenset(number for line in self for number in line.numbers)

    def show(self, line_id: str, today: date, lang: str = "id") -> str:
        """A line's numbers, its name, and how old the information is, in the person's language.

        Raises:
            KeyError: No line has this id.
        """
        line = self._lines[line_id]
        say = translator(lang)
        last = _last_day(line.seen)
        text, when = _UNKNOWN, ""
        if last is not None and line.is_fresh(today):
            text, when = _FRESH, say.date(last, "MMMM y") if "-" in line.seen else str(last.year)
        elif last is not None:
            text = _OLD
        numbers = " / ".join(line.numbers)
        year = str(last.year) if last else ""
        name = line.name.partition(" (")[0]  # no brackets within brackets
        return say.gettext(text) % {"numbers": numbers, "name": name, "date": when, "year": year}

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The ids that the texts (and the menus) name and that are not in the list, sorted."""
        named = {line_id for text in texts for line_id in _PLACEHOLDER.findall(text)}
        return sorted((named | NEEDED) - set(self._lines))

    def fill(self, text: str, today: date, lang: str = "id") -> str:
        """The text with each [[hotline:ID]] replaced by what `show` gives.

        Raises:
            KeyError: The text names a line that does not exist; a test keeps such texts out of the product.
        """
        return _PLACEHOLDER.sub(lambda match: self.show(match[1], today, lang), text)

    def problems(self, text: str, today: date) -> list[str]:
        """What is wrong with a text's placeholders: unknown lines, or old numbers with no fresh one beside them."""
        ids = _PLACEHOLDER.findall(text)
        wrong = [f"unknown hotline {line_id}" for line_id in ids if line_id not in self._lines]
        known = [self._lines[line_id] for line_id in ids if line_id in self._lines]
        if known and not any(line.is_fresh(today) for line in known):
            wrong.append("only old numbers: " + ", ".join(line.id for line in known))
        return wrong


def _read(entry: Any) -> Hotline:
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise ValueError(f"fields must be {', '.join(sorted(_FIELDS))}")
    for field in ("id", "name", "country", "kind", "channel", "hours", "seen", "note"):
        if not isinstance(entry[field], str):
            raise ValueError(f"{field} must be quoted text")
    for field in ("numbers", "languages", "topics"):
        if not isinstance(entry[field], list) or not all(isinstance(item, str) for item in entry[field]):
            raise ValueError(f"{field} must be a list of texts")
    if not _ID.fullmatch(entry["id"]) or not entry["name"] or not entry["numbers"]:
        raise ValueError("id, name and numbers must not be empty")
    if entry["country"] != ANYWHERE and not re.fullmatch("[A-Z]{2}", entry["country"]):
        raise ValueError(f"country {entry['country']!r} is neither a code nor *")
    if entry["channel"] not in CHANNELS:
        raise ValueError(f"channel {entry['channel']!r} is none of {', '.join(CHANNELS)}")
    if not all(sum(map(str.isdigit, number)) >= 3 for number in entry["numbers"]):
        raise ValueError("a number has at least three digits")
    if entry["seen"]:
        if not _SEEN.fullmatch(entry["seen"]):
            raise ValueError(f"seen {entry['seen']!r} is no date")
        _last_day(entry["seen"])
    source = entry["source"]
    if not isinstance(source, dict) or set(source) != {"title", "publisher", "url", "date"}:
        raise ValueError("source must have title, publisher, url and date")
    if not all(isinstance(value, str) for value in source.values()):
        raise ValueError("source must be quoted texts")
    lists = {field: tuple(entry[field]) for field in ("numbers", "languages", "topics")}
    return Hotline(**{**entry, **lists, "source": Source(**source)})


def read_hotlines(path: Path) -> Hotlines:
    """Reads the list, all of it or nothing; raises what `parse_hotlines` does."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise HotlineError(f"{path.name}: cannot be read: {error}") from error
    return parse_hotlines(text, path.name)


@lru_cache(maxsize=4)
def parse_hotlines(text: str, name: str) -> Hotlines:
    """The list that a file's text holds, parsed once while it stays the same; `name` is the file's, for messages.

    Raises:
        HotlineError: Names every line that is wrong, and why.
    """
    lines: dict[str, Hotline] = {}
    wrong: list[str] = []
    try:
        raw = plain_yaml.load(text)
    except yaml.YAMLError as error:
        raise HotlineError(f"{name}: cannot be read: {error}") from error
    entries = raw.get("hotlines") if isinstance(raw, dict) else None
    for place, entry in enumerate(entries or [], start=1):
        named = entry.get("id", "?") if isinstance(entry, dict) else "?"
        try:
            line = _read(entry)
            if line.id in lines:
                raise ValueError("the id stands twice")
            lines[line.id] = line
        except ValueError as error:
            wrong.append(f"entry {place} ({named}): {error}")
    if wrong or not lines:
        raise HotlineError(f"{name}: " + ("; ".join(wrong) or "no hotlines"))
    return Hotlines(lines)


@lru_cache(maxsize=1)
def hotlines() -> Hotlines:
    """The product's list, read once."""
    return read_hotlines(HOTLINES)
