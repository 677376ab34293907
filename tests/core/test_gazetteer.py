"""The area list against the project's real files."""

import gzip
import shutil
from collections import Counter
from pathlib import Path

import pytest

from core.gazetteer import Area, Gazetteer, read_areas

GEOGRAPHY = Path(__file__).parents[2] / "content" / "geography"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_areas(read_areas(GEOGRAPHY))


def test_all_rows_are_read(gazetteer: Gazetteer) -> None:
    levels = Counter(area.level for area in gazetteer)
    assert levels == {"province": 38, "regency": 514, "district": 7285, "village": 83762}
    assert len(gazetteer) == sum(levels.values())


def test_a_code_is_the_path_to_the_area(gazetteer: Gazetteer) -> None:
    assert all(area.parent is None or area.code.startswith(area.parent + ".") for area in gazetteer)


def test_path_name(gazetteer: Gazetteer) -> None:
    kenanga = gazetteer.get("32.12.16.2001")
    names = {gazetteer.path_name(a) for a in gazetteer if a.name == "Kenanga"}
    assert kenanga is not None
    assert "Desa Kenanga, Kec. Sindang, Kab. Indramayu, Jawa Barat" in names
    naimata = next(a for a in gazetteer if a.name == "Naimata")
    assert gazetteer.path_name(naimata) == (
        "Kelurahan Naimata, Kec. Maulafa, Kota Kupang, Nusa Tenggara Timur"
    )


def test_parents_nearest_first(gazetteer: Gazetteer) -> None:
    village = next(a for a in gazetteer if a.name == "Muryolobo")
    assert [a.level for a in gazetteer.parents(village)] == ["district", "regency", "province"]
    assert gazetteer.get("99") is None


def test_points_lie_in_indonesia(gazetteer: Gazetteer) -> None:
    assert all(-11.1 <= a.lat <= 6.3 and 94.9 <= a.lon <= 141.1 for a in gazetteer)


def area(code: str, parent: str | None) -> Area:
    return Area(code, code, "province" if parent is None else "regency", parent, 0.0, 100.0, "test")


def test_rows_in_any_order() -> None:
    assert len(Gazetteer.from_areas([area("11.01", "11"), area("11", None)])) == 2


def test_a_repeated_code_is_refused() -> None:
    with pytest.raises(ValueError, match="occurs twice"):
        Gazetteer.from_areas([area("11", None), area("11", None)])


def test_an_unknown_parent_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown parent"):
        Gazetteer.from_areas([area("11.01", "11")])


@pytest.mark.parametrize("row", ["11.01,Bakongan,11,x,97.4,s", "11.01,Bakongan"])
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, row: str) -> None:
    for name in ("provinces.csv", "districts.csv", "villages.csv.gz"):
        shutil.copy(GEOGRAPHY / name, tmp_path / name)
    (tmp_path / "regencies.csv").write_text(
        f"code,name,province_code,lat,lon,source\n{row}\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"regencies\.csv, line 2"):
        list(read_areas(tmp_path))


def test_villages_are_packed() -> None:
    with gzip.open(GEOGRAPHY / "villages.csv.gz", "rt", encoding="utf-8") as lines:
        assert next(lines) == "code,name,district_code,lat,lon,source\n"
