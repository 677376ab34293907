"""Hotlines: the list is read all or not at all, numbers carry their age, an old one never stands alone."""

from datetime import date
from pathlib import Path

import pytest

from core import plain_yaml
from core.hotlines import HOTLINES, HotlineError, hotlines, read_hotlines

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
LINES = hotlines()


def test_the_list_is_read() -> None:
    assert LINES.get("kp2mi").numbers == ("0-800-1000",)
    assert [line.id for line in LINES.for_country("HK")][:1] == ["kjri_hong_kong"]
    assert "kp2mi_abroad" in LINES
    assert "+62 21 2924 4800" in LINES.numbers()
    assert LINES.for_country("XX") == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("kp2mi", "0-800-1000 (KP2MI, terlihat April 2025)"),
        ("polri110", "110 (Polisi Indonesia, terlihat 2025)"),
        (
            "kemlu_wni",
            "+62 812 9007 0027 (Pelindungan WNI, Kementerian Luar Negeri, terakhir terlihat 2020, mungkin berubah)",
        ),
        ("ae_labour", "80060 (Pusat panggilan ketenagakerjaan UEA, tanggal tidak diketahui)"),
    ],
)
def test_a_number_is_shown_with_its_age(line: str, shown: str) -> None:
    assert LINES.show(line, TODAY) == shown


def test_age_is_counted_on_the_day_of_reading() -> None:
    assert "terlihat April 2025" in LINES.show("kp2mi", date(2028, 4, 9))
    assert "terakhir terlihat 2025" in LINES.show("kp2mi", date(2028, 4, 13))
    assert LINES.get("polri110").is_fresh(date(2028, 1, 1))
    assert not LINES.get("polri110").is_fresh(date(2028, 2, 1))


def test_placeholders_are_filled() -> None:
    assert LINES.fill("Telepon [[hotline:kp2mi]].", TODAY) == f"Telepon {LINES.show('kp2mi', TODAY)}."
    assert LINES.fill("tanpa nomor", TODAY) == "tanpa nomor"
    with pytest.raises(KeyError):
        LINES.fill("[[hotline:none]]", TODAY)


def test_an_old_number_alone_is_a_problem() -> None:
    assert LINES.problems("[[hotline:kemlu_wni]]", TODAY) == ["only old numbers: kemlu_wni"]
    assert LINES.problems("[[hotline:kemlu_wni]] [[hotline:kp2mi]]", TODAY) == []
    assert LINES.problems("[[hotline:none]]", TODAY) == ["unknown hotline none"]


@pytest.mark.parametrize("path", sorted((ROOT / "domain" / "answers").glob("*.yml")), ids=lambda p: p.stem)
def test_no_answer_shows_an_old_number_alone(path: Path) -> None:
    responses = plain_yaml.load(path.read_text("utf-8"))["responses"]
    # judged on the day the text was checked: what becomes old later is the review date's business
    wrong = {
        key: problems
        for key, variants in responses.items()
        for variant in variants
        if (problems := LINES.problems(variant.get("text") or "", TODAY))
    }
    assert wrong == {}


GOOD = (
    '- {id: a, name: A, country: "ID", kind: x, numbers: ["110"], channel: phone, hours: "", languages: [], topics: [], '
    'seen: "2025", source: {title: T, publisher: P, url: "", date: "2025"}, note: ""}'
)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"110"', "110", "numbers"),
        ('["110"]', "[]", "must not be empty"),
        ('seen: "2025"', "seen: 2025", "seen must be quoted"),
        ('seen: "2025"', 'seen: "2025-13"', "month"),
        ('seen: "2025"', 'seen: "soon"', "no date"),
        ('country: "ID"', 'country: "Indonesia"', "neither"),
        ("channel: phone", "channel: pigeon", "channel"),
        ('"110"', '"11"', "three digits"),
        ("publisher: P, ", "", "source"),
        ("name: A, ", "", "fields"),
        ('url: ""', "url: 3", "source"),
    ],
)
def test_a_wrong_line_refuses_the_whole_list(old: str, new: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "hotlines.yml"
    path.write_text(f"hotlines:\n{GOOD.replace('id: a', 'id: b')}\n{GOOD.replace(old, new)}\n")
    with pytest.raises(HotlineError, match=why):
        read_hotlines(path)


def test_ids_are_unique_and_the_list_not_empty(tmp_path: Path) -> None:
    path = tmp_path / "hotlines.yml"
    path.write_text(f"hotlines:\n{GOOD}\n{GOOD}\n")
    with pytest.raises(HotlineError, match="twice"):
        read_hotlines(path)
    path.write_text("hotlines: []\n")
    with pytest.raises(HotlineError, match="no hotlines"):
        read_hotlines(path)


def test_the_product_list_is_whole() -> None:
    assert len(list(read_hotlines(HOTLINES))) >= 30
