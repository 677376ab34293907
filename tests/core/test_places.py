"""Place look-up against the real list of areas.

The cases in tests/places/cases.csv were written by the author of the finder before it was tuned.
"""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plain_yaml
from core.centres import read_centres
from core.gazetteer import Gazetteer, read_areas
from core.place_text import Aliases, key, load_aliases
from core.places import MAX_CANDIDATES, PlaceFinder, PlaceResult, needs_district

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "places" / "cases.csv"
REQUIRED = 0.95
PLACE_WORDS = (
    "desa",
    "kec",
    "kab",
    "kota",
    "di",
    "saya",
    "malang",
    "sindang",
    "baru",
    ",",
    ".",
    "jl",
    "ii",
    "2",
    "lotim",
    "kenanga",
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_areas(read_areas(ROOT / "content" / "geography"))


@pytest.fixture(scope="module")
def aliases() -> Aliases:
    return load_aliases(ROOT / "content" / "place_aliases.yml")


@pytest.fixture(scope="module")
def finder(gazetteer: Gazetteer, aliases: Aliases) -> PlaceFinder:
    centres = read_centres(ROOT / "content" / "centres.csv")
    return PlaceFinder(gazetteer, aliases, [centre.area_code for centre in centres])


def right(result: PlaceResult, status: str, codes: set[str]) -> bool:
    found = {place.code for place in result.candidates}
    return result.status == status and (codes <= found if status == "ask" else codes == found)


def test_cases(finder: PlaceFinder) -> None:
    with CASES.open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines))
    misses = []
    for case in cases:
        result = finder.find(case["text"])
        if not right(result, case["expected_status"], set(filter(None, case["expected_codes"].split("|")))):
            names = [f"{p.code} {p.name}" for p in result.candidates]
            wanted = f"{case['expected_status']} {case['expected_codes']}"
            misses.append(f"{case['text']!r}: {wanted}, got {result.status} {names}")
    print(f"\n{len(cases) - len(misses)} of {len(cases)} right", *misses, sep="\n")
    assert len(cases) >= 160
    assert 1 - len(misses) / len(cases) >= REQUIRED


@settings(max_examples=150)
@given(text=st.text(max_size=10_000))
def test_any_text_is_answered(finder: PlaceFinder, text: str) -> None:
    result = finder.find(text)
    assert len(result.candidates) <= MAX_CANDIDATES
    assert (result.status == "none") == (not result.candidates)


@settings(max_examples=150)
@given(
    parts=st.lists(
        st.sampled_from(PLACE_WORDS),
        max_size=60,
    )
)
def test_any_order_of_place_words_is_answered(finder: PlaceFinder, parts: list[str]) -> None:
    finder.find(" ".join(parts))


def test_every_centre_is_found_by_its_address(finder: PlaceFinder) -> None:
    missed = []
    for centre in read_centres(ROOT / "content" / "centres.csv"):
        text = f"{centre.village} kec {centre.district} {centre.regency}"
        result = finder.find(text)
        if [p.code for p in result.candidates] != [centre.area_code]:
            missed.append(text)
    assert missed == []


def test_every_district_is_found_or_offered_with_its_regency(
    gazetteer: Gazetteer, finder: PlaceFinder
) -> None:
    districts = [area for area in gazetteer if area.level == "district"][::7]
    missed = []
    for district in districts:
        regency = gazetteer.parents(district)[0]
        codes = [p.code for p in finder.find(f"kec {district.name} {regency.name}").candidates]
        if district.code not in codes:
            missed.append(f"{district.name}, {regency.name}: {codes}")
    print(f"\n{len(missed)} of {len(districts)} missed", *missed, sep="\n")
    assert len(missed) <= len(districts) * 0.005


def test_regency_alone_needs_a_district(finder: PlaceFinder) -> None:
    assert needs_district(finder.find("indramayu"))
    assert needs_district(finder.find("ntt"))
    assert not needs_district(finder.find("kec sindang indramayu"))
    assert not needs_district(finder.find("malang"))
    assert not needs_district(finder.find("halo"))


def test_asking_back_tells_how_many_fit(finder: PlaceFinder) -> None:
    result = finder.find("desa sukorejo")
    assert result.status == "ask"
    assert len(result.candidates) == MAX_CANDIDATES
    assert result.total > 40


def test_place_of_a_button(finder: PlaceFinder) -> None:
    place = finder.place("32.12")
    assert place is not None
    assert (place.regency, place.district, place.province) == ("Kabupaten Indramayu", None, "Jawa Barat")
    assert finder.place("99") is None


def test_aliases_name_real_areas(gazetteer: Gazetteer) -> None:
    data = plain_yaml.load((ROOT / "content" / "place_aliases.yml").read_text(encoding="utf-8"))
    codes = {code for listed in data["names"].values() for code in listed}
    assert {code for code in codes if gazetteer.get(code) is None} == set()


def test_compared_form() -> None:
    assert key("Lete Konda") == key("létekonda") == "letekonda"
    assert key("Camplong II") == "camplong2"
    assert key("Hilina'a Tafuo") == key("hilinaa tafuo")


def test_a_word_with_two_levels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "aliases.yml"
    path.write_text("levels: {village: [desa], district: [desa]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="desa"):
        load_aliases(path)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kec cilamaya karawang", {"32.15.15", "32.15.23"}),  # called without Kulon and Wetan
        ("ende flores", {"53.08"}),
        ("lampung tengah bumi nabung", {"18.02.24"}),
        ("kab karo", {"12.06"}),
        ("lumajang kecamatan pasirian, yang dekat dari pasirian", {"35.08.04"}),
        ("kayen kec kayen pati", {"33.18.02.2009"}),
        ("aku omah karo ibu", set()),  # Javanese "with"
    ],
)
def test_special_readings(finder: PlaceFinder, text: str, codes: set[str]) -> None:
    assert {place.code for place in finder.find(text).candidates} == codes


def test_short_misspelt_village_only_when_asked(finder: PlaceFinder) -> None:
    assert finder.find("kluwtt").status == "none"
    assert "Kluwut" in {place.name for place in finder.find("kluwtt", asked=True).candidates}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("malng", "35.07"), ("btam", "21.71"), ("pdang lawas", "12.21"), ("bungkulu selatan", "17.01"), ("nelle skka", "53.07.07"),
        ("morowal utara", "72.12"), ("kab lwu", "73.17"),
    ],
)  # fmt: skip
def test_a_text_that_is_only_a_misspelt_name_is_asked_back(finder: PlaceFinder, text: str, code: str) -> None:
    result = finder.find(text)
    assert code in {place.code for place in result.candidates}


@pytest.mark.parametrize(
    "text", ["oke sip", "makasih ya", "demam", "kontrak", "gmn ya", "qwe xyzzy", "ab", "🙏"]
)
def test_other_short_texts_are_no_misspelt_place(finder: PlaceFinder, text: str) -> None:
    assert finder.find(text, asked=True).status == "none"
