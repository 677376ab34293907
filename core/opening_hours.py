"""Opening hours: when a person of the staff answers (`content/opening_hours.yml`, the operator's own choice)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import plain_yaml
from core.languages import Translator
from core.languages import mark as _
from core.settings import ROOT

FILE = ROOT / "content" / "opening_hours.yml"
ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
"""Indonesia's zones by hours before UTC; none of them knows summer time."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LOOK_AHEAD_DAYS = 60

Span = tuple[time, time]


class OpeningHoursError(ValueError):
    """content/opening_hours.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A week's hours, the days off, and how long somebody is left without a word."""

    zone: timezone
    week: tuple[tuple[Span, ...], ...]
    """From Monday on."""
    every_year: frozenset[tuple[int, int]]
    """Days off as (month, day)."""
    closed: Mapping[date, str]
    """Other days off, and why."""
    reply_within: timedelta
    wait_at_most: timedelta
    """Opening time that somebody waits at most."""
    set_by: str
    set_on: date

    def is_open(self, at: datetime) -> bool:
        """Whether staff are there."""
        local = at.astimezone(self.zone)
        return any(start <= local < end for start, end in self._of_day(local.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """When staff come back; None when not within two months."""
        local = at.astimezone(self.zone)
        for days in range(_LOOK_AHEAD_DAYS):
            for start, _end in self._of_day(local.date() + timedelta(days=days)):
                if start > local:
                    return start
        return None

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How much opening time lies between two moments."""
        total = timedelta()
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in self._of_day(day):
                total += max(min(closes, end) - max(opens, start), timedelta())
            day += timedelta(days=1)
        return total

    def in_words(self, t: Translator) -> str:
        """The week in one line: "Senin-Kamis 08.00-12.00, 13.00-16.00; ..."."""
        names = t.weekdays()
        lines: list[str] = []
        first = 0
        while first < len(DAYS):
            last = first
            while last + 1 < len(DAYS) and self.week[last + 1] == self.week[first]:
                last += 1
            if self.week[first]:
                days = names[first] if first == last else f"{names[first]}–{names[last]}"
                spans = ", ".join(f"{s:%H.%M}–{e:%H.%M}" for s, e in self.week[first])
                lines.append(f"{days} {spans}")
            first = last + 1
        return f"{'; '.join(lines)} {self.zone.tzname(None)}"

    def status(self, t: Translator, at: datetime) -> str:
        """The hours, and whether staff are there now or when they come back."""
        hours = t.gettext(_("Petugas menjawab {hours}, kecuali hari libur.")).format(hours=self.in_words(t))
        if self.is_open(at):
            return hours
        opening = self.next_opening(at)
        if opening is None:
            return " ".join((hours, t.gettext(_("Sekarang tutup."))))
        when = f"{t.date(opening.date(), 'EEEE, d MMMM')} {opening:%H.%M} {self.zone.tzname(None)}"
        later = t.gettext(_("Sekarang tutup; buka lagi {when}."))
        return " ".join((hours, later.format(when=when)))

    def _of_day(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self.closed or (day.month, day.day) in self.every_year:
            return
        for start, end in self.week[day.weekday()]:
            yield datetime.combine(day, start, self.zone), datetime.combine(day, end, self.zone)


def read_opening_hours(path: Path = FILE) -> OpeningHours:
    """Read the hours.

    Raises:
        OpeningHoursError: A field is missing or cannot be read.
    """
    raw: dict[str, Any] = plain_yaml.load(path.read_text("utf-8"))
    try:
        zone = timezone(timedelta(hours=ZONES[raw["zone"]]), raw["zone"])
        week = tuple(tuple(_span(text) for text in raw["week"][day]) for day in DAYS)
        days = (str(day).partition("-") for day in raw["closed_every_year"])
        return OpeningHours(
            zone=zone,
            week=week,
            every_year=frozenset((int(month), int(day)) for month, _dash, day in days),
            closed={_date(day): str(why) for day, why in raw["closed"].items()},
            reply_within=timedelta(minutes=int(raw["reply_minutes"])),
            wait_at_most=timedelta(minutes=int(raw["wait_minutes"])),
            set_by=str(raw["set_by"]),
            set_on=_date(raw["set_on"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OpeningHoursError(f"{path.name}: {error!r}") from error


@lru_cache(maxsize=1)
def opening_hours() -> OpeningHours:
    """The product's hours, read once."""
    return read_opening_hours()


def _span(text: str) -> Span:
    start, _dash, end = str(text).partition("-")
    span = time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    if span[0] >= span[1]:
        raise ValueError(f"{text}: ends before it begins")
    return span


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
