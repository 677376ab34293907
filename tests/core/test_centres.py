"""Centres and offices: the real lists, faulty files, nearest."""

from pathlib import Path

import pytest

from core.centres import (
    FAR_KM,
    Office,
    centre_status,
    distance_km,
    nearest,
    offices_for,
    read_centres,
    read_offices,
)
from core.gazetteer import read_areas
from core.rows import ImportErrors

CONTENT = Path(__file__).parents[2] / "content"
HEADER = (
    "village,district,regency,province,year,source_title,source_url,source_date,note,area_code,lat,lon,"
    "precision\n"
)
ROW = (
    "Kenanga,Sindang,Kabupaten Indramayu,Jawa Barat,2016,Judul,https://example.id/a,2018-02,,"
    "32.12.16.2001,-6.33,108.29,village\n"
)


def faults(tmp_path: Path, content: str | bytes, codes: list[str] | None = None) -> tuple[str, ...]:
    path = tmp_path / "centres.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ImportErrors) as caught:
        read_centres(path, codes)
    return caught.value.errors


def test_the_real_list_against_the_official_areas() -> None:
    areas = {a.code: a for a in read_areas(CONTENT / "geography")}
    centres = read_centres(CONTENT / "centres.csv", [c for c, a in areas.items() if a.level == "village"])
    assert len(centres) == 114
    for centre in centres:
        village = areas[centre.area_code]
        district = areas[village.parent or ""]
        regency = areas[district.parent or ""]
        assert (village.name, district.name, regency.name) == (
            centre.village,
            centre.district,
            centre.regency,
        )
        assert distance_km(centre.lat, centre.lon, village.lat, village.lon) < 1


def test_proposed_centres_are_marked() -> None:
    prepared = {c.village for c in read_centres(CONTENT / "centres.csv") if c.status == "prepared"}
    assert prepared == {
        "Buyut Utara", "Bumi Nabung Ilir", "Arjowilangun", "Brongkal", "Tebul Barat",
        "Tampojung Guwa", "Luar", "Luk", "Reruwairere", "Hikong",
    }  # fmt: skip
    assert centre_status("year inferred: between the 2017 list and the 2019 proposal") == "named"


def test_the_real_offices() -> None:
    offices = read_offices(CONTENT / "offices.csv")
    assert len(offices) == 69
    assert sum(office.phone is not None for office in offices) >= 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("-6.33,108.29", "108.29,-6.33"), "outside Indonesia"),
        (("-6.33,108.29", "x,108.29"), "not both numbers"),
        (("-6.33,108.29", "nan,108.29"), "outside Indonesia"),
        (("-6.33,108.29", ","), "empty"),
        (("-6.33,108.29", "-6.33,"), "not both numbers"),
        (("32.12.16.2001", "3212162001"), "not like 32.12.16.2001"),
        (("2016", "16"), "year"),
        (("2018-02", "Feb 2018"), "source_date"),
        (("https://example.id/a", ""), "source_url is empty"),
        (("Kabupaten Indramayu", "Indramayu"), "must begin with Kabupaten or Kota"),
        (("Kenanga,Sindang", "Kenanga"), "12 cells instead of 13"),
        (("Judul", '"Ju"dul'), "stray double quote"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    errors = faults(tmp_path, HEADER + ROW.replace(*change))
    assert len(errors) == 1
    assert "line 2" in errors[0]
    assert said in errors[0]


def test_every_fault_is_listed_and_nothing_taken(tmp_path: Path) -> None:
    errors = faults(tmp_path, HEADER + ROW + ROW + ROW.replace("2016", "x").replace("2001", "2002"))
    assert len(errors) == 2
    assert "line 2 already" in errors[0]
    assert "line 4" in errors[1]


def test_an_unknown_area_code(tmp_path: Path) -> None:
    assert "no village of the official list" in faults(tmp_path, HEADER + ROW, ["32.12.16.2002"])[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xef\xbb\xbf" + (HEADER + ROW).encode(), "without BOM"),
        ((HEADER + ROW).encode("utf-16"), "without BOM"),
        ((HEADER + ROW.replace("Judul", "Judul é")).encode("latin-1"), "line 2: not UTF-8"),
        (ROW.encode(), "columns must be village"),
        (HEADER.replace(",", ";").encode(), "columns must be village"),
        (b"", "columns must be village"),
        (HEADER.encode(), "no rows"),
    ],
)
def test_a_faulty_file(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in faults(tmp_path, content)[0]


def test_line_numbers_count_lines_inside_quotes(tmp_path: Path) -> None:
    errors = faults(tmp_path, HEADER + ROW.replace("Judul", '"Ju\ndul"') + ROW.replace("2016", "x"))
    assert "line 4" in errors[0]


def test_an_unknown_kind_of_office(tmp_path: Path) -> None:
    path = tmp_path / "offices.csv"
    path.write_text(
        (CONTENT / "offices.csv").read_text(encoding="utf-8") + "PT,X,,,Bali,,t,u,,,,\n", encoding="utf-8"
    )
    with pytest.raises(ImportErrors, match="kind 'PT' is unknown"):
        read_offices(path)


def test_nearest_to_a_village_with_a_centre_is_that_centre() -> None:
    centres = read_centres(CONTENT / "centres.csv")
    for centre in centres:
        found = nearest(centres, centre.lat, centre.lon)
        assert len(found) == 3
        assert found[0] == (centre, 0.0)
        assert [km for _, km in found] == sorted(km for _, km in found)
    assert nearest([], 0.0, 100.0) == []


def test_distance() -> None:
    # a degree of latitude is 111.195 km on a sphere of that radius
    assert distance_km(0, 110, 1, 110) == pytest.approx(111.195, abs=0.001)
    assert distance_km(-6.2, 106.8, -6.2, 106.8) == 0
    assert distance_km(-90, 0, 90, 0) == pytest.approx(20015.1, abs=0.1)
    assert 10 < FAR_KM < 100


def office(kind: str, regency: str, province: str = "P", lat: float | None = None) -> Office:
    return Office(kind, f"{kind} {regency}", "", regency, province, None, lat, lat and 110.0, "t", "u", "")


def test_offices_of_the_regency_first() -> None:
    listed = [office("BP3MI", "B"), office("disnaker", "A"), office("LTSA", "A"), office("LTSA", "A", "Q")]
    assert [o.name for o in offices_for(listed, "A", "P", 0, 110)] == ["LTSA A", "disnaker A"]


def test_else_offices_of_the_province_with_bp3mi_first_and_nearest_first() -> None:
    listed = [
        office("LTSA", "A"),
        office("LTSA", "B", lat=-8.0),
        office("LTSA", "C", lat=-7.0),
        office("BP3MI", "D"),
        office("desa_migran_emas", "E", lat=-7.0),
        office("airport_lounge", "E"),
        office("BP3MI", "D", "Q"),
    ]
    names = [o.name for o in offices_for(listed, "E", "P", -7.0, 110.0)]
    assert names == ["BP3MI D", "LTSA C", "LTSA B", "LTSA A"]
    assert [o.name for o in offices_for(listed, None, "P", -7.0, 110.0)] == names
    assert offices_for(listed, "E", "Nowhere", 0, 110) == []
