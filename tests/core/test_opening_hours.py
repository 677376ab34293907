"""Opening hours: when staff are there, when they come back, and how that is said."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from core.languages import LANGUAGES, translator
from core.opening_hours import FILE, OpeningHours, OpeningHoursError, opening_hours, read_opening_hours

RAW = {
    "set_by": "uji",
    "set_on": date(2026, 11, 25),
    "zone": "WITA",
    "week": {
        **{day: ["08:00-12:00", "13:00-16:00"] for day in ("monday", "tuesday", "wednesday", "thursday")},
        "friday": ["08:00-11:30"],
        "saturday": [],
        "sunday": [],
    },
    "closed_every_year": ["12-25"],
    "closed": {"2026-12-24": "cuti bersama"},
    "reply_minutes": 30,
    "wait_minutes": 120,
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "hours.yml"
    path.write_text(yaml.safe_dump({**RAW, **changes}), "utf-8")
    return path


@pytest.fixture
def hours(tmp_path: Path) -> OpeningHours:
    return read_opening_hours(written(tmp_path))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 by WITA (UTC+8)."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(25, 8), True),
        (at(25, 7, 59), False),
        (at(25, 12), False),
        (at(25, 13), True),
        (at(25, 16), False),
        (at(27, 11, 30), False),
        (at(28, 10), False),
        (at(24, 10, month=12), False),
        (at(25, 10, month=12), False),
    ],
)
def test_whether_staff_are_there(hours: OpeningHours, moment: datetime, is_open: bool) -> None:
    assert hours.is_open(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at(25, 7), at(25, 8)),
        (at(25, 12, 30), at(25, 13)),
        (at(25, 17), at(26, 8)),
        (at(27, 12), at(30, 8)),
        (at(23, 17, month=12), at(28, 8, month=12)),
    ],
)
def test_when_staff_come_back(hours: OpeningHours, moment: datetime, opening: datetime) -> None:
    assert hours.next_opening(moment) == opening


def test_only_opening_time_counts(hours: OpeningHours) -> None:
    assert hours.open_time(at(25, 11), at(25, 14)) == timedelta(hours=2)
    assert hours.open_time(at(27, 11), at(30, 9)) == timedelta(hours=1, minutes=30)
    assert hours.open_time(at(28, 1), at(29, 23)) == timedelta(0)


def test_a_week_without_hours_never_opens(tmp_path: Path) -> None:
    never = read_opening_hours(written(tmp_path, week={day: [] for day in RAW["week"]}))  # type: ignore[attr-defined]
    assert never.next_opening(at(25, 9)) is None
    assert "tutup" in never.status(translator("id"), at(25, 9))


def test_in_words(hours: OpeningHours) -> None:
    t = translator("id")
    assert hours.in_words(t) == "Senin–Kamis 08.00–12.00, 13.00–16.00; Jumat 08.00–11.30 WITA"
    assert "buka lagi" not in hours.status(t, at(25, 9))
    assert "buka lagi Senin, 30 November 08.00 WITA" in hours.status(t, at(27, 12))


@pytest.mark.parametrize(
    "changes",
    [
        {"zone": "CET"},
        {"week": {}},
        {"week": {**RAW["week"], "monday": ["16:00-08:00"]}},  # type: ignore[dict-item]
        {"week": {**RAW["week"], "monday": ["pagi"]}},  # type: ignore[dict-item]
        {"closed_every_year": ["x"]},
        {"closed": {"kapan-kapan": "x"}},
        {"reply_minutes": "lama"},
        {"closed": None},
    ],
)
def test_a_faulty_file_says_where(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(OpeningHoursError, match=r"hours\.yml"):
        read_opening_hours(written(tmp_path, **changes))


def test_ours_can_be_said_in_every_language() -> None:
    assert FILE.exists()
    assert opening_hours().set_by
    for language in LANGUAGES:
        assert "WIB" in opening_hours().status(translator(language), at(28, 10))
