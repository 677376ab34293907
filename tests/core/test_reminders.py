"""Kinds of reminders, when they are due, and the rows in both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import delete, select

from core import plain_yaml
from core.languages import LANGUAGES, translator
from core.reminder_pages import sent
from core.reminder_store import AddReminder, StopReminders, claim, due, still_to_come
from core.reminders import REMINDERS, ReminderError, read_reminders, reminders
from core.storage import Database, models
from core.storage.reminders import Reminder
from core.topics import topics

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
DATA = reminders()
WIB = "Asia/Jakarta"


def planned(kind: str, day: str, zone: str = WIB, country: str | None = None) -> list[tuple[str, str]]:
    found = DATA.plan(DATA.kinds[kind], date.fromisoformat(day), zone, country, NOW)
    return [(one.moment.id, one.at.isoformat()) for one in found]


def test_every_kind_has_sources_a_date_and_a_topic() -> None:
    assert set(DATA.kinds) == {"medical", "medical_end", "passport", "orientation", "contract"}
    for kind in DATA.kinds.values():
        assert kind.sources
        assert kind.checked >= "2026-11-23"
        assert kind.topic in topics()


def test_a_date_is_told_of_before_it_at_nine_local_time() -> None:
    assert planned("medical", "2027-03-03") == [
        ("eve", "2027-03-02T02:00:00+00:00"),
        ("month", "2027-05-04T02:00:00+00:00"),
        ("week", "2027-05-27T02:00:00+00:00"),
    ]
    assert planned("orientation", "2027-04-10", "Asia/Jayapura")[0] == ("week", "2027-04-03T00:00:00+00:00")
    assert planned("passport", "2027-12-01") == [
        ("year", "2026-12-01T02:00:00+00:00"),
        ("half", "2027-06-04T02:00:00+00:00"),
        ("month", "2027-11-01T02:00:00+00:00"),
    ]


def test_what_is_past_or_elsewhere_is_left_out() -> None:
    assert planned("medical", "2026-11-20") == [
        ("month", "2027-01-21T02:00:00+00:00"),
        ("week", "2027-02-13T02:00:00+00:00"),
    ]
    assert planned("passport", "2026-12-01") == []
    assert [name for name, _at in planned("medical", "2027-03-03", country="SA")] == ["eve", "gulf"]


@pytest.mark.parametrize(
    ("zone", "hour", "wakes"),
    [
        (WIB, "02:00", None),
        (WIB, "12:59", None),
        (WIB, "13:00", "2026-11-26T00:00:00+00:00"),
        (WIB, "23:30", "2026-11-26T00:00:00+00:00"),
        (WIB, "00:00", None),
        ("Asia/Jayapura", "11:00", "2026-11-25T22:00:00+00:00"),
        ("Asia/Hong_Kong", "22:00", "2026-11-25T23:00:00+00:00"),
    ],
)
def test_nights_are_quiet_where_the_person_is(zone: str, hour: str, wakes: str | None) -> None:
    found = DATA.wakes(zone, datetime.fromisoformat(f"2026-11-25T{hour}:00+00:00"))
    assert (found.isoformat() if found else None) == wakes


def test_zones() -> None:
    assert DATA.home == WIB
    assert DATA.zone_of("HK", NOW) == "Asia/Hong_Kong"
    assert DATA.zone_of("MY", NOW) in ("Asia/Kuching", "Asia/Kuala_Lumpur")
    assert DATA.zone_of("AU", NOW) is None
    assert DATA.zone_of(None, NOW) is None
    assert DATA.zone_of("XX", NOW) is None


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_what_is_sent_names_the_day_and_stops_with_one_tap(language: str) -> None:
    for kind in DATA.kinds.values():
        for moment in kind.moments:
            reply = sent(
                translator(language), kind, moment, "abcd", "wife", date(2027, 3, 3), date(2027, 3, 1)
            )
            assert "{" not in reply.text
            assert str(moment.target(date(2027, 3, 3)).year) in reply.text
            codes = [choice.data for row in reply.buttons for choice in row]
            assert "1:s:reminders:stop:abcd" in codes
            assert "1:s:reminders:stop_all" in codes


def test_a_late_reminder_says_so() -> None:
    kind = DATA.kinds["orientation"]
    reply = sent(translator("id"), kind, kind.moments[0], "a", "self", date(2027, 3, 3), date(2027, 3, 5))
    assert "sudah lewat" in reply.text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw["kinds"][0].pop("sources"), "kind medical: sources"),
        (lambda raw: raw["kinds"][0].update(sources=["none"]), "kind medical: sources"),
        (lambda raw: raw["kinds"][0].update(topic="no/such"), "topic no/such"),
        (lambda raw: raw["kinds"][0].update(checked="today"), "checked must be"),
        (lambda raw: raw["kinds"][0].update(moments=[]), "moments are missing"),
        (lambda raw: raw["kinds"][0]["moments"][0].update(text="no date"), "moment eve: needs before"),
        (lambda raw: raw["kinds"][0]["moments"][1].update(not_in=["XX"]), "no such country"),
        (lambda raw: raw["zones"].update(X="No/Where"), "cannot be read"),
        (lambda raw: raw.pop("quiet"), "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, change: Callable[[Any], Any], message: str) -> None:
    raw = plain_yaml.load(REMINDERS.read_text("utf-8"))
    change(raw)
    path = tmp_path / "reminders.yml"
    path.write_text(yaml.safe_dump(raw), "utf-8")
    with pytest.raises(ReminderError, match=message):
        read_reminders(path)


# rows


async def add(
    database: Database, chat: str, *effects: AddReminder | StopReminders, at: datetime = NOW
) -> None:
    async with database.begin() as session:
        if await session.get(models.Chat, chat) is None:
            session.add(models.Chat(id=chat, address="7"))
            await session.flush()
        for effect in effects:
            await effect.apply(session, chat, at)


async def rows(database: Database) -> list[Reminder]:
    async with database.begin() as session:
        return list(await session.scalars(select(Reminder).order_by(Reminder.id)))


PASSPORT = AddReminder("one", "passport", date(2027, 12, 1), WIB, "self")
MEDICAL = AddReminder("two", "medical", date(2027, 3, 3), WIB, "wife")


async def test_a_reminder_is_set_listed_replaced_and_stopped(database: Database) -> None:
    await add(database, "chat", PASSPORT, MEDICAL)
    await add(database, "other", PASSPORT)
    held = await still_to_come(database, "chat")
    assert [(one.event, one.kind, one.who) for one in held] == [
        ("one", "passport", "self"),
        ("two", "medical", "wife"),
    ]
    again = AddReminder("three", "passport", date(2028, 12, 1), WIB, "self")
    theirs = AddReminder("four", "passport", date(2028, 12, 1), WIB, "child")
    await add(database, "chat", again, theirs)
    assert {one.event for one in await still_to_come(database, "chat")} == {"two", "three", "four"}
    await add(database, "chat", StopReminders("two"))
    assert {one.event for one in await still_to_come(database, "chat")} == {"three", "four"}
    await add(database, "chat", StopReminders())
    assert await still_to_come(database, "chat") == []
    assert len(await still_to_come(database, "other")) == 1


async def test_the_date_is_encrypted_and_goes_with_the_chat(database: Database) -> None:
    await add(database, "chat", PASSPORT)
    async with database.begin() as session:
        raw = await session.scalar(select(Reminder.__table__.c.note).limit(1))
        assert raw == {"day": "2027-12-01", "who": "self"}
    async with database.engine.connect() as connection:
        stored = (await connection.exec_driver_sql("SELECT note FROM reminders")).scalars().all()
    assert not any("2027" in text for text in stored)
    async with database.begin() as session:
        await session.execute(delete(models.Chat))
    assert await rows(database) == []


async def test_only_what_is_due_on_the_channel_is_found(database: Database) -> None:
    await add(database, "chat", PASSPORT, MEDICAL)
    async with database.begin() as session:
        session.add(models.Chat(id="terminal", channel="terminal", address=""))
        session.add(models.Chat(id="gone", address="8", active=False))
    await add(database, "terminal", PASSPORT)
    await add(database, "gone", PASSPORT)
    assert await due(database, "telegram", NOW, 10) == []
    later = datetime(2026, 12, 1, 3, tzinfo=UTC)
    numbers = await due(database, "telegram", later, 10)
    assert [row.chat for row in await rows(database) if row.id in numbers] == ["chat"]
    assert await due(database, "telegram", later, 0) == []


async def test_a_reminder_is_claimed_once_and_an_older_one_gives_way(database: Database) -> None:
    await add(database, "chat", PASSPORT)
    late = datetime(2027, 12, 5, 3, tzinfo=UTC)
    found = []
    for number in await due(database, "telegram", late, 10):
        async with database.begin() as session:
            found.append(await claim(session, number, late))
    assert [one.moment for one in found if one] == ["month"]
    assert all(row.sent_at is not None for row in await rows(database))
    async with database.begin() as session:
        assert await claim(session, (await rows(database))[0].id, late) is None


async def test_at_night_it_is_put_off_to_the_morning(database: Database) -> None:
    await add(database, "chat", PASSPORT)
    night = datetime(2026, 12, 1, 16, tzinfo=UTC)
    (number,) = await due(database, "telegram", night, 10)
    async with database.begin() as session:
        assert await claim(session, number, night) is None
    row = next(row for row in await rows(database) if row.id == number)
    assert row.sent_at is None
    assert row.due_at.astimezone(ZoneInfo(WIB)).hour == 7
    morning = row.due_at + timedelta(minutes=1)
    async with database.begin() as session:
        assert await claim(session, number, morning) is not None
