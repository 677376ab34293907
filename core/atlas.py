"""The atlas: places, centres and offices together, and what is near a point."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.catalogue import CONTENT, checked_on, load_areas, load_centres, load_offices
from core.centres import FAR_KM, Centre, Office, distance_km, nearest, offices_for
from core.gazetteer import Gazetteer
from core.place_text import load_aliases
from core.places import Place, PlaceFinder
from core.storage import Database

MAX_OFFICES = 4
"""Offices named beside far centres."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """What is near a point: centres with their distance in km, nearest first; offices if those are far."""

    centres: tuple[tuple[Centre, float], ...]
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class Atlas:
    """All that the database knows of places; reading it takes about two seconds."""

    finder: PlaceFinder
    gazetteer: Gazetteer
    centres: Sequence[Centre]
    offices: Sequence[Office]
    checked: str
    """The day (YYYY-MM-DD) on which the list of centres was checked."""

    @classmethod
    async def read(cls, database: Database) -> "Atlas":
        """Read everything from the database."""
        gazetteer = Gazetteer.from_areas(await load_areas(database))
        centres = await load_centres(database)
        aliases = load_aliases(CONTENT / "place_aliases.yml")
        finder = PlaceFinder(gazetteer, aliases, [centre.area_code for centre in centres])
        checked = await checked_on(database, "centres")
        return cls(finder, gazetteer, tuple(centres), tuple(await load_offices(database)), checked)

    def near(self, lat: float, lon: float, place: Place | None = None) -> Nearby:
        """What is near a point in degrees; `place` is the area it belongs to, looked up if not given."""
        found = tuple(nearest(self.centres, lat, lon))
        if found and found[0][1] <= FAR_KM:
            return Nearby(found, ())
        home = place or self.around(lat, lon)
        if home is None:
            return Nearby(found, ())
        regency = home.name if home.level == "regency" else home.regency
        return Nearby(found, tuple(offices_for(self.offices, regency, home.province, lat, lon)[:MAX_OFFICES]))

    def around(self, lat: float, lon: float) -> Place | None:
        """The village whose middle is nearest to a point; None in an empty gazetteer."""
        villages = (area for area in self.gazetteer if area.level == "village")
        closest = min(villages, key=lambda a: distance_km(lat, lon, a.lat, a.lon), default=None)
        return None if closest is None else self.finder.place(closest.code)
