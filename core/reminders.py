"""Reminders: kinds of dates with their moments (`content/reminders.yml`), when each is due, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel.core import get_global

from core import plain_yaml
from core.countries import countries
from core.dates import add_months
from core.replies import Source
from core.settings import ROOT
from core.topics import topics

REMINDERS = ROOT / "content" / "reminders.yml"


class ReminderError(ValueError):
    """content/reminders.yml is not as it must be; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One message of a kind: `before` days ahead of the typed date moved by `months` and `days`."""

    id: str
    before: int
    months: int
    days: int
    within: frozenset[str]
    without: frozenset[str]
    text: str

    def target(self, day: date) -> date:
        """The day that the text names, by the typed date."""
        return add_months(day, self.months) + timedelta(days=self.days)

    def holds(self, country: str | None) -> bool:
        """Whether it is for somebody who goes to this country."""
        return country not in self.without and (not self.within or country in self.within)


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """A kind of date. `past`: it may lie in the past; `abroad`: the person is in the country of work then."""

    id: str
    label: str
    ask: str
    words: tuple[str, ...]
    past: bool
    abroad: bool
    topic: str
    sources: tuple[Source, ...]
    checked: str
    moments: tuple[Moment, ...]

    def moment(self, name: str) -> Moment | None:
        """The moment with this id."""
        return next((moment for moment in self.moments if moment.id == name), None)


@dataclass(frozen=True, slots=True)
class Due:
    """A message to come: which, the day that it names, and when it is sent (UTC)."""

    moment: Moment
    target: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminders:
    """All kinds, the hours in which nothing is sent, and the time zones of Indonesia by short name."""

    kinds: Mapping[str, ReminderKind]
    hour: int
    quiet_from: int
    quiet_until: int
    zones: Mapping[str, str]

    @property
    def home(self) -> str:
        """The zone of somebody of whom nothing is known."""
        return next(iter(self.zones.values()))

    def plan(self, kind: ReminderKind, day: date, zone: str, country: str | None, now: datetime) -> list[Due]:
        """The messages that are still to come for a date, the earliest first."""
        found = []
        for moment in kind.moments:
            target = moment.target(day)
            local = datetime.combine(target - timedelta(days=moment.before), time(self.hour), ZoneInfo(zone))
            if moment.holds(country) and local > now:
                found.append(Due(moment, target, local.astimezone(UTC)))
        return sorted(found, key=lambda due: due.at)

    def wakes(self, zone: str, now: datetime) -> datetime | None:
        """The end of the night in a zone (UTC); None by day."""
        local = now.astimezone(ZoneInfo(zone))
        if self.quiet_until <= local.hour < self.quiet_from:
            return None
        morning = datetime.combine(local.date(), time(self.quiet_until), ZoneInfo(zone))
        if local.hour >= self.quiet_from:
            morning += timedelta(days=1)
        return morning.astimezone(UTC)

    def zone_of(self, country: str | None, now: datetime) -> str | None:
        """The time zone of a country of destination; None where it has several times or is not known."""
        names = get_global("territory_zones").get(country) if country else None
        if not names or len({now.astimezone(ZoneInfo(name)).utcoffset() for name in names}) > 1:
            return None
        return str(names[0])


def read_reminders(path: Path) -> Reminders:
    """Read the kinds, all or nothing; raises `ReminderError`."""
    try:
        raw = plain_yaml.load(path.read_text("utf-8"))
        sources = {name: Source(**entry) for name, entry in raw["sources"].items()}
        kinds = {entry["id"]: _kind(entry, sources) for entry in raw["kinds"]}
        zones = {str(name): str(zone) for name, zone in raw["zones"].items()}
        for zone in zones.values():
            ZoneInfo(zone)
        return Reminders(
            kinds, int(raw["hour"]), int(raw["quiet"]["from"]), int(raw["quiet"]["until"]), zones
        )
    except ReminderError:
        raise
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReminderError(f"{path.name}: cannot be read: {error!r}") from error


def _kind(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> ReminderKind:
    where = f"reminders, kind {entry.get('id')}"
    names = entry.get("sources") or ()
    if not names or any(name not in sources for name in names):
        raise ReminderError(f"{where}: sources are missing or unknown")
    if entry.get("topic") not in topics():
        raise ReminderError(f"{where}: topic {entry.get('topic')} is no topic")
    try:
        date.fromisoformat(entry["checked"])
    except (KeyError, TypeError, ValueError) as error:
        raise ReminderError(f'{where}: checked must be a date in quotes, like "2026-11-23"') from error
    moments = tuple(_moment(where, moment) for moment in entry.get("moments") or ())
    if not moments or len({moment.id for moment in moments}) < len(moments):
        raise ReminderError(f"{where}: moments are missing, or one stands twice")
    return ReminderKind(
        str(entry["id"]),
        str(entry["label"]),
        str(entry["ask"]),
        tuple(map(str, entry.get("words") or ())),
        bool(entry.get("past")),
        bool(entry.get("abroad")),
        str(entry["topic"]),
        tuple(sources[name] for name in names),
        str(entry["checked"]),
        moments,
    )


def _moment(where: str, raw: Mapping[str, Any]) -> Moment:
    within, without = frozenset(raw.get("in") or ()), frozenset(raw.get("not_in") or ())
    if any(country not in countries() for country in within | without):
        raise ReminderError(f"{where}, moment {raw.get('id')}: no such country")
    if "{date}" not in str(raw.get("text", "")) or int(raw.get("before", -1)) < 0:
        raise ReminderError(f"{where}, moment {raw.get('id')}: needs before, and a text with {{date}}")
    return Moment(
        str(raw["id"]),
        int(raw["before"]),
        int(raw.get("months", 0)),
        int(raw.get("days", 0)),
        within,
        without,
        str(raw["text"]),
    )


@lru_cache(maxsize=1)
def reminders() -> Reminders:
    """The product's kinds, read once."""
    return read_reminders(REMINDERS)
