"""Doors: where a kind of case is reported, by place (`content/report_doors.yml`, hotlines, missions, offices)."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import plain_yaml
from core.centres import Office
from core.hotlines import HOME, Hotlines, hotlines
from core.languages import Translator
from core.languages import mark as _
from core.replies import Source
from core.settings import ROOT

DOORS = ROOT / "content" / "report_doors.yml"
MISSIONS = ROOT / "content" / "missions.csv"
_OFFICES_SHOWN = 2
_OF_COUNTRY = 2
_IN_REGENCY = ("LTSA", "disnaker", "P4MI", "BP3MI")
_DISNAKER = _("Disnaker kabupaten/kota Anda, atau BP3MI provinsi; tanyakan alamatnya di kantor desa")


class DoorError(ValueError):
    """content/report_doors.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: its button, how people name it, what to do, the help card's topic, and whom to call at home."""

    id: str
    name: str
    words: frozenset[str]
    advice: str
    danger: str | None
    home: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Doors:
    """All kinds, and the lines that serve every kind."""

    kinds: Mapping[str, CaseKind]
    home: tuple[str, ...]
    abroad: tuple[str, ...]
    checked: str
    review_by: str

    def kind_in(self, text: str) -> CaseKind | None:
        """The kind that an answer names: the one with the most of its words, the first of equals; None where none is."""
        words = set("".join(c if c.isalnum() else " " for c in text.lower()).split())
        best = max(self.kinds.values(), key=lambda kind: len(kind.words & words))
        return best if best.words & words else None


@dataclass(frozen=True, slots=True)
class Mission:
    """An Indonesian mission abroad, as a source of `source.date` names it."""

    name: str
    country: str
    address: str
    source: Source


def read_doors(path: Path, known: Hotlines) -> Doors:
    """Read the file, whose lines must be in the list of hotlines; raises `DoorError`."""
    raw: dict[str, Any] = plain_yaml.load(path.read_text("utf-8"))
    try:
        kinds = {entry["id"]: _kind(entry, raw["home"]) for entry in raw["kinds"]}
        read = Doors(kinds, tuple(raw["home"]), tuple(raw["abroad"]), raw["checked"], raw["review_by"])
    except (KeyError, TypeError) as error:
        raise DoorError(f"{path.name}: {error!r}") from error
    named = {line for kind in kinds.values() for line in kind.home} | {*read.home, *read.abroad}
    if unknown := sorted(line for line in named if line not in known):
        raise DoorError(f"{path.name}: no hotline {', '.join(unknown)}")
    return read


def _kind(entry: Mapping[str, Any], home: Sequence[str]) -> CaseKind:
    source = entry["source"]
    return CaseKind(
        entry["id"],
        entry["name"],
        frozenset(map(str, entry["words"])),
        entry["advice"],
        entry.get("danger"),
        tuple(entry.get("home") or home),
        Source(source["title"], source["publisher"], source["url"], source["date"]),
    )


@lru_cache(maxsize=1)
def doors() -> Doors:
    """The product's doors, read once."""
    return read_doors(DOORS, hotlines())


@lru_cache(maxsize=1)
def missions() -> tuple[Mission, ...]:
    """Indonesian missions abroad."""
    with MISSIONS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Mission(
                row["name"],
                row["country_code"],
                row["address"],
                Source(row["source_title"], "", row["source_url"], row["source_date"]),
            )
            for row in csv.DictReader(lines)
        )


def offices_of(offices: Iterable[Office], regency: str, province: str) -> list[Office]:
    """The offices of a regency, or else the BP3MI of its province; at most two."""
    known = [office for office in offices if office.kind in _IN_REGENCY and office.province == province]
    own = [office for office in known if regency and office.regency == regency]
    chosen = own or [office for office in known if office.kind == "BP3MI"]
    return sorted(chosen, key=lambda office: _IN_REGENCY.index(office.kind))[:_OFFICES_SHOWN]


def lines_for(
    t: Translator, kind: CaseKind, country: str | None, offices: Sequence[Office], today: date
) -> tuple[list[str], tuple[Source, ...]]:
    """The doors for a case, each a line with the age of what it says, and their sources.

    Args:
        t: The person's language.
        kind: The kind of case.
        country: Where it happened (ISO code, ID for Indonesia), None where not told.
        offices: Of the person's home, see `offices_of`.
        today: The day by which numbers are old.
    """
    known = hotlines()
    shown: list[str] = []
    ids: list[str] = []
    sources: list[Source] = [kind.source]
    if country not in (None, HOME):
        for mission in [m for m in missions() if m.country == country][:1]:
            about = ", ".join(filter(None, (mission.address, mission.source.date)))
            shown.append(f"{mission.name} ({about})" if about else mission.name)
            sources.append(mission.source)
        ids += [line.id for line in known.for_country(str(country))][:_OF_COUNTRY]
        ids += doors().abroad
    else:
        ids += kind.home if country == HOME else (*kind.home[:2], *doors().abroad[:1])
    shown += [known.show(line, today, t.language.code) for line in dict.fromkeys(ids)]
    sources += [known.get(line).source for line in dict.fromkeys(ids)]
    for office in offices:
        about = ", ".join(filter(None, (office.address, office.regency, office.source_date)))
        shown.append(f"{office.name} ({about})")
        sources.append(Source(office.source_title, "", office.source_url, office.source_date))
    if not offices:
        shown.append(t.gettext(_DISNAKER))
    return shown, tuple(dict.fromkeys(sources))
