"""What is said about places and centres, in every language."""

from dataclasses import replace

import pytest

from core import centre_replies
from core.centres import FAR_KM, Centre, Office
from core.codes import parse_code
from core.languages import LANGUAGES, translator
from core.places import Place
from core.replies import Venue

ID = translator("id")
CENTRE = Centre(
    "32.12.16.2004", "Kenanga", "Sindang", "Kabupaten Indramayu", "Jawa Barat", 2016, -6.355, 108.31, "Judul",
    "https://m.example.org/a/b", "2018-02", "", "named",
)  # fmt: skip
OFFICE = Office(
    "disnaker", "Disnaker Kota Kupang", "", "Kota Kupang", "Nusa Tenggara Timur", None, None, None, "Judul",
    "https://example.org", "2018-12-05",
)  # fmt: skip
VILLAGE = Place(
    "32.12.16.2004", "Kenanga", "village", "Sindang", "Kabupaten Indramayu", "Jawa Barat", -6.3, 108.3
)
REGENCY = Place("32.12", "Kabupaten Indramayu", "regency", None, None, "Jawa Barat", -6.4, 108.2)
DISTRICT = Place("32.12.16", "Sindang", "district", None, "Kabupaten Indramayu", "Jawa Barat", -6.36, 108.31)
PROVINCE = Place("32", "Jawa Barat", "province", None, None, "Jawa Barat", -6.9, 107.6)


def test_names_of_places() -> None:
    assert centre_replies.place_name(ID, VILLAGE) == "Desa/Kel. Kenanga, Kec. Sindang, Kabupaten Indramayu"
    assert centre_replies.place_name(ID, DISTRICT) == "Kec. Sindang, Kabupaten Indramayu"
    assert centre_replies.place_name(ID, REGENCY) == "Kabupaten Indramayu, Jawa Barat"
    assert centre_replies.place_name(ID, PROVINCE) == "Provinsi Jawa Barat"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_question_offers_a_way_on(language: str) -> None:
    t = translator(language)
    assert centre_replies.ask_place(t).ask_location
    assert centre_replies.unknown_place(t).ask_location
    wide = centre_replies.which_district(t, REGENCY)
    assert wide.ask_location
    assert "Indramayu" in wide.text
    choice = centre_replies.which_place(t, [VILLAGE, DISTRICT, REGENCY, PROVINCE])
    codes = [parse_code(row[0].data) for row in choice.buttons]
    assert [code.value for code in codes if code] == ["32.12.16.2004", "32.12.16", "32.12", "32"]
    for reply in (wide, choice):
        assert "{" not in reply.text


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_near_centres_have_a_pin_each_and_a_caveat(language: str) -> None:
    t = translator(language)
    found = [(CENTRE, 0.437), (replace(CENTRE, village="Terusan", status="prepared"), 12.6)]
    text, *pins = centre_replies.nearest_centres(t, found, [], "2026-11-01", "Kenanga")
    assert [
        pin.venue.title.endswith(name)
        for pin, name in zip(pins, ("Kenanga", "Terusan"), strict=True)
        if pin.venue
    ]
    assert pins[0].venue == Venue(
        pins[0].venue.title if pins[0].venue else "",
        "Kec. Sindang, Kabupaten Indramayu, Jawa Barat",
        -6.355,
        108.31,
    )
    assert "{" not in text.text
    assert "2017–2019" in text.text
    assert text.checked == "2026-11-01"
    assert [(s.publisher, s.date) for s in text.sources] == [("example.org", "2018-02")]
    assert text.buttons


def test_distances_are_no_more_exact_than_they_are() -> None:
    text = centre_replies.nearest_centres(
        ID, [(CENTRE, 0.437), (CENTRE, 12.6), (CENTRE, 1234.5)], [], "2026-11-01"
    )[0].text
    assert "sekitar 0,4 km" in text
    assert "sekitar 13 km" in text
    assert "sekitar 1.234 km" in text
    assert "lokasi Anda" in text


def test_prepared_centres_are_told_apart() -> None:
    prepared = replace(CENTRE, status="prepared")
    assert "baru disiapkan" in centre_replies.nearest_centres(ID, [(prepared, 1.0)], [], "2026-11-01")[0].text
    assert (
        "baru disiapkan" not in centre_replies.nearest_centres(ID, [(CENTRE, 1.0)], [], "2026-11-01")[0].text
    )


def test_far_centres_come_with_offices_and_their_year() -> None:
    undated = replace(OFFICE, name="BP3MI NTT", regency="", source_date="", address="Jalan Contoh 1")
    text = centre_replies.nearest_centres(ID, [(CENTRE, 900.0)], [OFFICE, undated], "2026-11-01")[0].text
    assert "• Disnaker Kota Kupang – Kota Kupang (2018)" in text
    assert "• BP3MI NTT – Jalan Contoh 1" in text
    assert "Langkah berikutnya" not in text


def test_nobody_is_sent_to_a_village_office_far_away() -> None:
    text = centre_replies.nearest_centres(ID, [(CENTRE, FAR_KM + 1)], [], "2026-11-01")[0].text
    assert "datang ke kantor desa itu" not in text
    assert "tanya Disnaker" in text
    near = centre_replies.nearest_centres(ID, [(CENTRE, FAR_KM)], [], "2026-11-01")[0].text
    assert "datang ke kantor desa itu" in near


def test_an_empty_list_names_whom_to_ask() -> None:
    replies = centre_replies.nearest_centres(ID, [], [], "")
    assert len(replies) == 1
    assert "Disnaker" in replies[0].text
