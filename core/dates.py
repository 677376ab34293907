"""Dates as people write them: "3 maret", "desember 2027", "minggu depan", "15/3/2027", in all languages of Desmi.

Names of months and days come from CLDR by way of Babel, other spellings from `content/dates.yml`. A library for dates in any
text was measured and left: docs/tasks/reminders.md.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from babel import Locale
from rapidfuzz import fuzz

from core import plain_yaml
from core.languages import LANGUAGES
from core.settings import ROOT

_TOKEN = re.compile(r"\d{1,4}(?:[/.\-]\d{1,4}){2}|\d+|[^\W\d_]+(?:'[^\W\d_]+)?")
_MAX_CHARS = 500
_TYPO_LETTERS, _TYPO_RATIO = 5, 82.0
_MOST_YEARS = 15
"""How far ahead a date may lie; what is later was mistyped."""


class NoSuchDayError(ValueError):
    """What was written looks like a date, but there is no such day ("31 februari"), or it is too far off."""


@dataclass(frozen=True, slots=True)
class Written:
    """A date that stands in a text; `whole_month` where only the month was named (then it is its first day)."""

    day: date
    whole_month: bool = False


@dataclass(frozen=True, slots=True)
class _Names:
    months: dict[str, int]
    weekdays: dict[str, int]
    raw: dict[str, Any]

    def month(self, word: str) -> int | None:
        """The number of the month that a word names, one letter wrong in a long one."""
        if word in self.months:
            return self.months[word]
        if len(word) < _TYPO_LETTERS:
            return None
        near = (
            (fuzz.ratio(word, name), number)
            for name, number in self.months.items()
            if len(name) >= _TYPO_LETTERS
        )
        ratio, number = max(near)
        return number if ratio >= _TYPO_RATIO else None

    def number(self, word: str) -> int | None:
        """A small number, in digits or as a word."""
        return int(word) if word.isdecimal() and len(word) <= 2 else self.raw["numbers"].get(word)

    def unit(self, word: str) -> str | None:
        """day, week, month or year."""
        return next((name for name, words in self.raw["units"].items() if word in words), None)


@lru_cache(maxsize=1)
def _names() -> _Names:
    raw = plain_yaml.load((ROOT / "content" / "dates.yml").read_text("utf-8"))
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for language in LANGUAGES.values():
        locale = Locale.parse(language.locale)
        for width in ("wide", "abbreviated"):
            months |= {str(name).lower().strip("."): n for n, name in locale.months["format"][width].items()}
            weekdays |= {
                str(name).lower().strip("."): n + 1 for n, name in locale.days["format"][width].items()
            }
    months |= {str(word): n for n, words in raw["months"].items() for word in words}
    weekdays |= {str(word): n for n, words in raw["weekdays"].items() for word in words}
    return _Names(months, weekdays, raw)


def find_date(text: str, today: date, prefer: Literal["future", "nearest"] = "future") -> Written | None:
    """The first date that a text names, or None.

    Args:
        text: What a person wrote.
        today: The day that "besok" is counted from.
        prefer: Where the year is missing: the next such day, or the one nearest to today.

    Raises:
        NoSuchDayError: There is no such day, or it is more than 15 years off.
    """
    words = _TOKEN.findall(text[:_MAX_CHARS].lower())
    for reads in (_numeric, _named, _relative, _weekday):
        for start in range(len(words)):
            found = reads(words[start:], today, prefer)
            if found is not None:
                if not -1 <= found.day.year - today.year <= _MOST_YEARS:
                    raise NoSuchDayError(found.day.isoformat())
                return found
    return None


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDayError(f"{day}-{month}-{year}") from error


def _year(word: str) -> int | None:
    if len(word) == 4 and word.isdecimal() and word[0] in "12":
        return int(word)
    return None


def _numeric(words: list[str], today: date, prefer: str) -> Written | None:
    """15/3/2027, 15.3.27, 2027-03-15, 15 3 2027."""
    parts = re.split(r"[/.\-]", words[0])
    if len(parts) != 3:
        if len(words) < 3 or not all(word.isdecimal() for word in words[:3]) or _year(words[2]) is None:
            return None
        parts = words[:3]
    if len(parts[0]) == 4:
        year, month, day = map(int, parts)
    else:
        day, month, year = map(int, parts)
        if len(parts[2]) == 2:
            year += 2000
    return Written(_day(year, month, day))


def _named(words: list[str], today: date, prefer: str) -> Written | None:
    """3 maret [2027], march 3[, 2027], [awal] desember [2027]."""
    month = _names().month(words[0])
    if month is not None:
        if len(words) > 1 and (year := _year(words[1])) is not None:
            return Written(_day(year, month, 1), whole_month=True)
        if len(words) > 1 and words[1].isdecimal() and len(words[1]) <= 2:
            return _in_year(int(words[1]), month, words[2:], today, prefer)
        found = _without_year(1, month, today, prefer)
        return Written(found, whole_month=True)
    month = _names().month(words[1]) if len(words) > 1 else None
    if month is None:
        return None
    if words[0].isdecimal() and len(words[0]) <= 2:
        return _in_year(int(words[0]), month, words[2:], today, prefer)
    part = _names().raw["parts"].get(words[0])
    if part is None:
        return None
    year = _year(words[2]) if len(words) > 2 else None
    day = part if part > 0 else calendar.monthrange(year or today.year + 1, month)[1]
    return Written(_day(year, month, day) if year else _without_year(day, month, today, prefer))


def _in_year(day: int, month: int, rest: list[str], today: date, prefer: str) -> Written:
    year = _year(rest[0]) if rest else None
    if year is None and rest and rest[0].isdecimal() and len(rest[0]) == 2 and 20 <= int(rest[0]) <= 60:
        year = 2000 + int(rest[0])
    if (
        year is None
        and len(rest) > 1
        and _names().unit(rest[0]) == "year"
        and rest[1] in _names().raw["next"]
    ):
        year = today.year + 1
    return Written(_day(year, month, day) if year else _without_year(day, month, today, prefer))


def _without_year(day: int, month: int, today: date, prefer: str) -> date:
    """The day in the year that fits; a day that no near year has is refused."""
    found = []
    for year in range(today.year - 1, today.year + 5):  # 29 February comes every four years
        if day <= calendar.monthrange(year, month)[1] and day > 0:
            found.append(date(year, month, day))
    if not found:
        raise NoSuchDayError(f"{day}-{month}")
    if prefer == "nearest":
        return min(found, key=lambda candidate: abs((candidate - today).days))
    first_of_month = today.replace(day=1) if day == 1 else today  # "desember" in December is this one
    return next(candidate for candidate in found if candidate >= first_of_month)


def _relative(words: list[str], today: date, prefer: str) -> Written | None:
    """besok, 2 minggu lagi, bulan depan, next week."""
    names = _names()
    for days, phrases in names.raw["days"].items():
        for phrase in phrases:
            if words[: len(phrase.split())] == phrase.split():
                return Written(today + timedelta(days=days))
    raw, second = names.raw, words[1] if len(words) > 1 else ""
    if words[0] in raw["one"] and second in raw["ahead"]:
        return Written(_ahead(today, 1, raw["one"][words[0]]))
    if words[0] in raw["before_next"] and (unit := names.unit(second)):
        return Written(_ahead(today, 1, unit))
    if (unit := names.unit(words[0])) and second in raw["next"] and unit != "day":
        return Written(_ahead(today, 1, unit))
    start = 1 if words[0] in raw["before_ahead"] else 0
    if len(words) < start + 2:
        return None
    count, unit = names.number(words[start]), names.unit(words[start + 1])
    after = words[start + 2] if len(words) > start + 2 else ""
    if count is not None and unit is not None and (start == 1 or after in raw["ahead"]):
        return Written(_ahead(today, count, unit))
    return None


def _weekday(words: list[str], today: date, prefer: str) -> Written | None:
    """Senin depan, hari jumat: the next such day after today."""
    names = _names()
    number = names.weekdays.get(words[0])
    second = words[1] if len(words) > 1 else ""
    if words[0] in names.raw["not_weekdays"] or (number is not None and len(words[0]) < 4):
        number = None
    if number is None and names.unit(words[0]) == "day":
        number = names.weekdays.get(second)
    if number is None:
        return None
    return Written(today + timedelta(days=(number - today.isoweekday() - 1) % 7 + 1))


def _ahead(today: date, count: int, unit: str) -> date:
    match unit:
        case "day":
            return today + timedelta(days=count)
        case "week":
            return today + timedelta(weeks=count)
        case "month":
            return add_months(today, count)
        case _:
            return add_months(today, 12 * count)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
