"""Placement companies: the list is checked line by line, names are found as people write them, none is taken for another."""

from pathlib import Path

import pytest

from core.agencies import look_up, named_in, read_agencies, simple_name, worst
from core.rows import ImportErrors

FICTIONAL = Path(__file__).parent / "data" / "fictional_agencies.csv"
"""Invented companies, for tests alone."""
LIST = read_agencies(FICTIONAL)
HEADER, *ROWS = FICTIONAL.read_text("utf-8").splitlines(keepends=True)


@pytest.mark.parametrize(
    "name",
    [
        "PT Contoh Rekaan Samudra Jaya",
        "pt. contoh rekaan samudra jaya",
        "CONTOH  REKAAN-SAMUDRA JAYA",
        "P.T. Contoh Rekaan Samudra Jaya",
        "contohrekaan samudrajaya",
        "PT contoh rekaan samudra jy",
    ],
)
def test_the_same_name_however_it_is_set(name: str) -> None:
    found = look_up(LIST, name)
    assert found.kind == "same"
    assert [agency.name for agency in found.agencies] == ["PT Contoh Rekaan Samudra Jaya"]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("pt contoh rekan samudra jaya", "PT Contoh Rekaan Samudra Jaya"),
        ("contoh rekaan samudera jaya", "PT Contoh Rekaan Samudra Jaya"),
        ("PT CRSJ", "PT Contoh Rekaan Samudra Jaya"),
        ("misal langit", "PT. Misal Langit Biru, Tbk"),
        ("cv misal langit biruu", "PT. Misal Langit Biru, Tbk"),
        ("bintang timur umpama", "PT Umpama Bintang Timur"),
    ],
)
def test_a_slip_or_short_form_is_a_question_not_an_answer(name: str, first: str) -> None:
    found = look_up(LIST, name)
    assert found.kind == "near"
    assert found.agencies[0].name == first


@pytest.mark.parametrize("name", ["PT Lain Sama Sekali", "", "PT", "🙂", "contoh", "a" * 500, "jaya"])
def test_other_names_are_not_found(name: str) -> None:
    assert look_up(LIST, name).kind == "none"
    assert look_up([], "PT Contoh Rekaan Samudra Jaya").kind == "none"


def test_companies_of_one_name_are_told_together_by_the_worst() -> None:
    found = look_up(LIST, "kembar rekaan")
    assert len(found.agencies) == 2
    assert worst(found.agencies) == "revoked"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tolong cek PT Misal Langit Biru ada izinnya tidak", "Misal Langit Biru"),
        ("pt misal langit biru tu resmi ap calo", "misal langit biru tu"),
        ("PT. Misal, apa resmi?", "Misal"),
        ("PT Misal Aman Jaya aman ga", "Misal Aman Jaya"),
        ("cekno PT Umpama kuwi resmi opo ora", "Umpama"),
        ("cek perusahaan dong", None),
        ("lewat pt", None),
    ],
)
def test_a_name_in_a_sentence(text: str, name: str | None) -> None:
    assert named_in(text) == name


def test_a_simple_name() -> None:
    assert simple_name("PT. Misal-Langit  BIRU, Tbk") == "misal langit biru"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("active", "good", "line 2: status 'good' is unknown"),
        ("2026-11-01", "2026-11", "line 2: as_of '2026-11' must be the day"),
        ("2026-11-01", "2026-13-01", "line 2: month"),
        ("2026-11-01", "2999-01-01", "line 2: as_of 2999-01-01 has not come yet"),
        ("PT Contoh Rekaan Samudra Jaya", "PT", "line 2: name 'PT' holds nothing"),
        ("PT Contoh Rekaan Samudra Jaya", "", "line 2: name is empty"),
        ("PT Contoh Rekaan Samudra Jaya", "x" * 201, "line 2: name .200."),
        ("Penerbit Rekaan", "", "line 2: source_publisher is empty"),
    ],
)
def test_a_faulty_list_is_refused_with_its_lines(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(HEADER + ROWS[0].replace(old, new, 1), "utf-8")
    with pytest.raises(ImportErrors, match=said):
        read_agencies(path)


def test_a_list_is_of_one_day_and_all_faults_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(HEADER + ROWS[0] + ROWS[1].replace("2026-11-01", "2026-10-01") + "PT X,\n", "utf-8")
    with pytest.raises(ImportErrors) as caught:
        read_agencies(path)
    assert len(caught.value.errors) == 2
    assert "a list is of one day" in caught.value.errors[0]
    path.write_text(HEADER, "utf-8")
    with pytest.raises(ImportErrors, match="no rows below the header"):
        read_agencies(path)
