"""Redaction: both directions of the written cases, idempotence, any string, linear work."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plain_yaml
from core.redaction import coarsen, redact, redaction

ROOT = Path(__file__).parents[2]
CASES = list(csv.DictReader((ROOT / "tests/safety/redaction_cases.csv").read_text("utf-8").splitlines()))
KEEP = frozenset(
    number
    for line in plain_yaml.load((ROOT / "content/hotlines.yml").read_text(encoding="utf-8"))["hotlines"]
    for number in line["numbers"]
)
ANY = st.text(st.characters(), max_size=300)
NUMBERISH = st.text("0123456789 .-+()/oOlI@abcAX:,[]\n​NIKhpnomorrekbca", max_size=120)
SAMPLES = re.split(
    r"\|",
    "nik|kk|hp|wa|rek|bca|npwp|kartu|atm|paspor|kode|otp|rp|gaji|juta|081234567890|3201234567890001|C1234567|12|2027|"
    "[NIK]|[KK]|+62|812|3456|7890|123456|4111111111111111|@siti|a@b.id|0|8|delapan|kosong|-|.|12-03-2027|15.000.000",
)
WORDS = st.lists(
    st.sampled_from(SAMPLES),
    max_size=25,
).map(" ".join)


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:40] for c in CASES])
def test_case(case: dict[str, str]) -> None:
    assert redact(case["text"], KEEP) == case["expected"]


def test_there_are_enough_cases_in_both_directions() -> None:
    kept = sum(c["text"] == c["expected"] for c in CASES)
    assert len(CASES) >= 150
    assert kept >= 60
    assert len(CASES) - kept >= 90


@pytest.mark.parametrize("strategy", [ANY, NUMBERISH, WORDS], ids=["any", "numberish", "words"])
def test_redacting_twice_changes_nothing(strategy: st.SearchStrategy[str]) -> None:
    @settings(max_examples=300)
    @given(strategy)
    def check(text: str) -> None:
        once = redact(text, KEEP)
        assert redact(once, KEEP) == once

    check()


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "1-",
        "0812-",
        "a.",
        "a@",
        "@a",
        "(",
        "+",
        "nik ",
        "[",
        "1.000.",
        "kode ",
        "12/",
        "9.9,",
        "\x00",
        "\ud800",
        "​1",
        "satu ",
        "A1",
        "otp kode ",
        "20 ",
        "a-",
        "1,",
        "ig:",
        "+6281234567890",
        "08.00",
        "t.me/",
        "rp1",
    ],
)
def test_ten_thousand_characters_complete(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize("digits", ["3212055506980002", "081234567890", "4111111111111111"])
@pytest.mark.parametrize("sep", ["", " ", "-", ".", " - "])
def test_no_long_run_of_digits_survives_any_grouping(digits: str, sep: str) -> None:
    for size in (1, 2, 3, 4):
        text = "ini " + sep.join(digits[i : i + size] for i in range(0, len(digits), size)) + " ya"
        masked = redact(text)
        assert sum(c.isdigit() for c in masked) < 6, (text, masked)


@pytest.mark.parametrize("number", sorted(KEEP))
def test_public_numbers_stay(number: str) -> None:
    assert redact(f"hubungi {number} sekarang", KEEP) == f"hubungi {number} sekarang"


def test_kinds_are_told() -> None:
    assert redaction("nik 3212055506980002 hp 081234567890").kinds == ("NIK", "TELEPON")


def test_positions_are_coarsened_to_about_a_kilometre() -> None:
    assert coarsen(-6.326735, 108.324101) == (-6.33, 108.32)
