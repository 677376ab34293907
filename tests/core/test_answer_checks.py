"""What forbids an answer, and hints."""

from dataclasses import replace
from datetime import date

import pytest

from core.answer_checks import faults, hints
from core.answers import Answer, read_answers
from core.languages import translator
from core.replies import Source

TODAY = date(2026, 11, 25)
GOOD = Answer(
    "documents/passport",
    "Paspor dibuat di kantor imigrasi. Tanya [[hotline:kp2mi]].\n\nLangkah berikutnya: siapkan KTP dan KK.",
    (Source("Judul", "Penerbit", "https://www.example.org", "2026"),),
    "2026-11-20",
    "2027-05-20",
    ("documents/checklist",),
)
T = translator("id")


def said(answer: Answer) -> str:
    return " | ".join(finding.say(T) for finding in faults(answer, TODAY))


def test_a_good_answer_has_no_faults() -> None:
    assert said(GOOD) == ""
    assert hints(GOOD) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": " "}, "kosong"),
        ({"text": "a" * 701}, "701 huruf"),
        ({"text": "pakai {nama}"}, "Tanda {"),
        ({"text": "<b>tebal</b>"}, "Tanda <"),
        ({"text": "telepon 0812 3456 7890"}, "nomor telepon"),
        ({"text": "[[hotline:tidak_ada]]"}, "unknown hotline"),
        ({"text": "a\u2028b"}, "tidak terlihat"),
        ({"sources": ()}, "belum punya sumber"),
        ({"sources": (Source("", "", "https://a.example", "2026"),)}, "judul dan penerbit"),
        ({"sources": (Source("a", "b", "javascript:x", "2026"),)}, "https://"),
        ({"sources": (Source("a", "b", "", "kemarin"),)}, "tanggal harus seperti"),
        ({"sources": (Source("a", "b", "", ""),)}, "bertanggal"),
        ({"checked": ""}, "Isi tanggal"),
        ({"checked": "2026-12-25"}, "masa depan"),
        ({"review_by": "2026-11-20"}, "sesudah"),
        ({"related": ("documents/passport",)}, "tidak ada"),
    ],
)
def test_what_is_wrong_is_told(change: dict[str, object], told: str) -> None:
    assert told in said(replace(GOOD, **change))  # type: ignore[arg-type]


def test_years_and_amounts_are_no_telephone_numbers() -> None:
    assert said(replace(GOOD, text="Biaya Rp100.000.000 pada 2019-2022, NT$29.500.")) == ""


def test_hints_name_long_sentences_and_office_words() -> None:
    text = " ".join(["kata"] * 25) + ". Adapun hal tersebut aman."
    told = " | ".join(finding.say(T) for finding in hints(replace(GOOD, text=text)))
    assert "25 kata" in told
    assert "“tersebut”" in told
    assert "jangan pernah" in told
    assert "Akhiri" in told


def test_the_written_answers_pass_but_for_undated_sources() -> None:
    found = {topic: faults(answer, date.today()) for topic, answer in read_answers().items()}
    told = {finding.say(T) for findings in found.values() for finding in findings}
    assert told <= {"Paling sedikit satu sumber harus bertanggal."}
