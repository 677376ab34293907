"""Homes: the regency that a person names, without the weight of all villages."""

from dataclasses import dataclass

from sqlalchemy import select

from core.catalogue import CONTENT
from core.gazetteer import Area, Gazetteer
from core.place_text import load_aliases
from core.places import Place, PlaceFinder
from core.storage import Database, models

_LEVELS = ("province", "regency")
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Home:
    """A regency or province; `regency` is empty for a province alone."""

    code: str
    regency: str
    province: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.regency, self.province)))


def _home(place: Place) -> Home:
    return Home(place.code, place.name if place.level == "regency" else "", place.province)


_FINDERS: dict[int, PlaceFinder] = {}
"""By the database's engine: regencies do not change while a process runs."""


async def _finder(database: Database) -> PlaceFinder:
    key = id(database.engine)
    if key not in _FINDERS:
        columns = models.Area.__table__.c
        found = select(*columns).where(columns.level.in_(_LEVELS)).order_by(columns.code)
        async with database.read() as session:
            rows = await session.execute(found)
            areas = [Area(r.code, r.name, r.level, r.parent_code, r.lat, r.lon, r.source) for r in rows]
        finder = PlaceFinder(Gazetteer.from_areas(areas), load_aliases(CONTENT / "place_aliases.yml"))
        if not areas:
            return finder
        _FINDERS[key] = finder
    return _FINDERS[key]


async def find_home(database: Database, text: str) -> list[Home]:
    """The regencies or provinces that a text may mean: none, the one, or at most four to choose from."""
    finder = await _finder(database)
    return [_home(place) for place in finder.find(text, asked=True).candidates[:SHOWN]]


async def home_of(database: Database, code: str) -> Home | None:
    """The regency or province with this code."""
    place = (await _finder(database)).place(code)
    return None if place is None else _home(place)
