"""Dates as people write them."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import NoSuchDayError, add_months, find_date

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 maret", "2027-03-03"),
        ("medikal 3 maret", "2027-03-03"),
        ("medical tgl 3 maret 2028 jam 9", "2028-03-03"),
        ("tgl 15 desember", "2026-12-15"),
        ("3 mrt 27", "2027-03-03"),
        ("25 agustus 2027", "2027-08-25"),
        ("7 agst 2027", "2027-08-07"),
        ("2 nopember 2027", "2027-11-02"),
        ("10 Pebruari", "2027-02-10"),
        ("3 dsember 2027", "2027-12-03"),
        ("paspor [PASPOR] berlaku sampai 5 mei 2028", "2028-05-05"),
        ("15/3/2027", "2027-03-15"),
        ("15-03-2027", "2027-03-15"),
        ("15.3.27", "2027-03-15"),
        ("2027-03-15", "2027-03-15"),
        ("15 3 2027", "2027-03-15"),
        ("march 3 2027", "2027-03-03"),
        ("3 march", "2027-03-03"),
        ("besok", "2026-11-26"),
        ("lusa ya", "2026-11-27"),
        ("hari ini", "2026-11-25"),
        ("minggu depan", "2026-12-02"),
        ("bulan depan", "2026-12-25"),
        ("tahun depan", "2027-11-25"),
        ("next week", "2026-12-02"),
        ("2 minggu lagi", "2026-12-09"),
        ("tiga bulan lagi", "2027-02-25"),
        ("kontrak habis 2 tahun lagi", "2028-11-25"),
        ("in 10 days", "2026-12-05"),
        ("sebulan lagi", "2026-12-25"),
        ("senin depan", "2026-11-30"),
        ("hari jumat", "2026-11-27"),
        ("hari rabu", "2026-12-02"),
        ("hari minggu", "2026-11-29"),
        ("sesuk", "2026-11-26"),
        ("minggu ngarep", "2026-12-02"),
        ("sasi ngarep", "2026-12-25"),
        ("minggu payun", "2026-12-02"),
        ("isukan", "2026-11-26"),
        ("3 minggu deui", "2026-12-16"),
        ("10 mei taun ngarep", "2027-05-10"),
        ("akhir maret 2027", "2027-03-31"),
        ("pertengahan januari", "2027-01-15"),
        ("29 februari", "2028-02-29"),
        ("25 november", "2026-11-25"),
        ("24 november", "2027-11-24"),
    ],
)
def test_a_day(text: str, day: str) -> None:
    found = find_date(text, TODAY)
    assert found is not None
    assert found.day.isoformat() == day
    assert not found.whole_month


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("paspor habis desember 2027", "2027-12-01"),
        ("paspor sampai des 2027", "2027-12-01"),
        ("habis juni", "2027-06-01"),
        ("november", "2026-11-01"),
        ("kontrak rampung sasi agustus 2028", "2028-08-01"),
        ("december 2027", "2027-12-01"),
    ],
)
def test_a_month_counts_from_its_first_day(text: str, day: str) -> None:
    found = find_date(text, TODAY)
    assert found is not None
    assert (found.day.isoformat(), found.whole_month) == (day, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "paspor",
        "2027",
        "saya umur 27 tahun",
        "3 orang",
        "minggu",
        "tidak tahu",
        "sabar",
        "0812",
        "17",
        "jam 9.30",
        "me",
    ],
)
def test_no_date(text: str) -> None:
    assert find_date(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    ["31 februari", "31/2/2027", "0 mei", "32 januari 2027", "15/13/2027", "1 mei 2099", "3 maret 1998"],
)
def test_a_day_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(NoSuchDayError):
        find_date(text, TODAY)


def test_without_a_year_the_nearest_is_taken_where_it_may_be_past() -> None:
    past = find_date("medikal 3 november", TODAY, "nearest")
    assert past is not None
    assert past.day == date(2026, 11, 3)
    coming = find_date("medikal 3 maret", TODAY, "nearest")
    assert coming is not None
    assert coming.day == date(2027, 3, 3)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(NoSuchDayError):
        find_date(text, TODAY)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_months_are_added_within_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
