"""Place tools of the command line."""

import sys
from dataclasses import asdict
from typing import Any

from cli.prepare import prepare_database
from core.atlas import Atlas, Nearby
from core.keys import load_keys
from core.places import Place, needs_district
from core.settings import Settings
from core.storage import open_database


async def read_atlas(settings: Settings) -> Atlas:
    """The atlas of these settings' database, which is made and filled if need be."""
    await prepare_database(settings)
    database = open_database(settings.database(), load_keys(settings))
    try:
        return await Atlas.read(database)
    finally:
        await database.close()


async def find_places(settings: Settings, texts: list[str]) -> list[dict[str, Any]]:
    """`{text, status, candidates}` for each text."""
    finder = (await read_atlas(settings)).finder
    found: list[dict[str, Any]] = []
    for text in texts:
        result = finder.find(text)
        found.append(
            {"text": text, "status": result.status, "candidates": [asdict(p) for p in result.candidates]}
        )
    return found


async def nearest_to_point(settings: Settings, lat: float, lon: float) -> dict[str, Any]:
    """`{centres, offices}` around a point in degrees."""
    return _nearby((await read_atlas(settings)).near(lat, lon))


async def nearest_to_place(settings: Settings, text: str) -> dict[str, Any]:
    """`{centres, offices}` around a place; no centres (and a word on why) when the place is not exact."""
    atlas = await read_atlas(settings)
    result = atlas.finder.find(text, asked=True)
    match result.status:
        case "none":
            print(f"No place found in: {text}", file=sys.stderr)
            return {"centres": [], "offices": []}
        case "ask":
            names = "; ".join(f"{p.name} ({p.level}), {p.regency or p.province}" for p in result.candidates)
            print(f"Several places fit, name the district or regency too: {names}", file=sys.stderr)
            return {"centres": [], "offices": []}
    place: Place = result.candidates[0]
    near = atlas.near(place.lat, place.lon, place)
    if needs_district(result):
        print(f"{place.name} is too wide to measure from: name a district or village.", file=sys.stderr)
        return _nearby(Nearby((), near.offices))
    return _nearby(near)


def _nearby(near: Nearby) -> dict[str, Any]:
    return {
        "centres": [
            {
                "area_code": centre.area_code,
                "village": centre.village,
                "district": centre.district,
                "regency": centre.regency,
                "distance_km": round(km, 2),
                "lat": centre.lat,
                "lon": centre.lon,
            }
            for centre, km in near.centres
        ],
        "offices": [{"kind": o.kind, "name": o.name, "regency": o.regency} for o in near.offices],
    }
