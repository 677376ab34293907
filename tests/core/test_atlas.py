"""The atlas: centres near a point, and offices when they are far."""

import math
from pathlib import Path

import pytest

from core.atlas import MAX_OFFICES, Atlas
from core.catalogue import fill
from core.centres import FAR_KM
from core.storage import Database
from tests.core.small_content import content

__all__ = ["content"]
KENANGA = (-6.355, 108.310)
KUPANG = (-10.18, 123.62)


@pytest.fixture
async def atlas(database: Database, content: Path) -> Atlas:
    await fill(database)
    return await Atlas.read(database)


async def test_near_centres_need_no_offices(atlas: Atlas) -> None:
    near = atlas.near(*KENANGA)
    assert [centre.village for centre, _km in near.centres] == ["Kenanga", "Terusan"]
    assert near.centres[0][1] < 0.1
    assert near.offices == ()
    assert atlas.checked == "2026-11-01"


async def test_far_centres_come_with_offices_of_the_place(atlas: Atlas) -> None:
    near = atlas.near(*KUPANG)
    assert near.centres[0][1] > FAR_KM
    assert [office.name for office in near.offices] == ["Disnaker Kota Kupang"]


async def test_offices_of_the_province_where_the_regency_has_none(atlas: Atlas) -> None:
    province = atlas.finder.place("53")
    assert province is not None
    near = atlas.near(*KUPANG, province)
    assert [office.kind for office in near.offices] == ["BP3MI", "disnaker"]
    assert len(near.offices) <= MAX_OFFICES


async def test_a_regency_is_its_own_home(atlas: Atlas) -> None:
    regency = atlas.finder.place("53.71")
    assert regency is not None
    assert [office.kind for office in atlas.near(*KUPANG, regency).offices] == ["disnaker"]


async def test_the_village_around_a_point(atlas: Atlas) -> None:
    found = atlas.around(*KUPANG)
    assert found is not None
    assert (found.name, found.regency) == ("Naimata", "Kota Kupang")


@pytest.mark.parametrize(("lat", "lon"), [(0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (6.3, 141.1)])
async def test_any_point_of_the_earth(atlas: Atlas, lat: float, lon: float) -> None:
    near = atlas.near(lat, lon)
    assert near.centres
    assert all(math.isfinite(km) for _centre, km in near.centres)


async def test_an_empty_database_is_no_error(database: Database) -> None:
    atlas = await Atlas.read(database)
    near = atlas.near(*KENANGA)
    assert (near.centres, near.offices, atlas.checked) == ((), (), "")
    assert atlas.around(*KENANGA) is None
    assert atlas.finder.find("kenanga").status == "none"
