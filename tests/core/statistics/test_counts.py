"""The counts on both databases, checked against counting by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from core.statistics.counts import DIMENSIONS, Period, Row, count, sourced_topics
from core.statistics.suppression import FEW, Count
from core.statistics.tables import protected, table, to_csv
from core.storage import Database
from core.storage.models import Chat, Message
from core.storage.review import Thread
from core.topics import OUT_OF_SCOPE

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PERIOD = Period.last(7, NOW)
LATE = datetime(2026, 11, 18, 16, 59, tzinfo=UTC)  # one minute before midnight UTC+7
SOURCED = "documents/passport"


async def fill(database: Database) -> None:
    """Six chats that ask the same; the first asks more, in another language, and from a known regency."""
    async with database.begin() as session:
        for number in range(6):
            chat = f"{number}" * 24
            session.add(Chat(id=chat, address=str(number)))
            await session.flush()
            session.add(
                Thread(chat=chat, last_at=NOW, regency="32.12" if number == 0 else None, language="id")
            )
            said = Message(chat=chat, direction="in", kind="text", text="a", topic=SOURCED, at=LATE)
            session.add(said)
            await session.flush()
            session.add(
                Message(
                    chat=chat, direction="out", kind="answer", text="b", topic=SOURCED, reply_to=said.id,
                    feedback=1 if number else -1, at=LATE,
                )
            )  # fmt: skip
        first = "0" * 24
        others = (
            {"kind": "text", "topic": OUT_OF_SCOPE, "missed": True, "language": "jv"},
            {"kind": "text", "topic": None, "missed": True, "language": "jv"},
            {"kind": "text", "topic": "help/abuse", "danger": "help/abuse"},
            {"kind": "tap", "topic": SOURCED},
            {"kind": "tap", "topic": None},  # a menu was opened
            {"kind": "text", "topic": "bot/thanks"},
            {"kind": "text", "topic": SOURCED, "at": NOW - timedelta(days=7)},  # before the period
        )
        for values in others:
            session.add(
                Message(
                    **{
                        "chat": first,
                        "direction": "in",
                        "text": "c",
                        "at": LATE + timedelta(minutes=2),
                        **values,
                    }
                )
            )
        place = Message(chat=first, direction="in", kind="text", text="d", topic="task/find_centre", at=NOW)
        session.add(place)
        await session.flush()
        for _ in range(4):
            session.add(
                Message(
                    chat=first, direction="out", kind="task", text="e", topic="task/find_centre",
                    reply_to=place.id, at=NOW,
                )
            )  # fmt: skip


async def rows(database: Database, dimension: str) -> dict[str, Row]:
    async with database.read() as session:
        return {row.key: row for row in await count(session, dimension, PERIOD)}


async def test_everything_is_counted_once(database: Database) -> None:
    await fill(database)
    total = (await rows(database, "all"))[""]
    assert total["questions"] == Count(11, 6)
    assert total["missed"] == Count(2, 1)
    assert total["danger"] == Count(1, 1)
    assert total["helpful"] == Count(5, 5)
    assert total["unhelpful"] == Count(1, 1)
    assert total["centres"] == Count(3, 1)
    assert SOURCED in sourced_topics()
    assert total["sourced"].events == 7 + ("help/abuse" in sourced_topics())
    for dimension in DIMENSIONS[1:]:
        parts = (await rows(database, dimension)).values()
        for measure in ("questions", "missed", "danger", "helpful", "centres"):
            assert sum(row[measure].events for row in parts) == total[measure].events, (dimension, measure)


async def test_days_begin_at_midnight_in_java(database: Database) -> None:
    await fill(database)
    found = await rows(database, "day")
    assert {key: row["questions"].events for key, row in found.items()} == {
        "2026-11-18": 6, "2026-11-19": 4, "2026-11-20": 1,
    }  # fmt: skip
    assert PERIOD.days()[0] == "2026-11-14"
    assert PERIOD.days()[-1] == "2026-11-20"


async def test_regency_and_language(database: Database) -> None:
    await fill(database)
    by_regency = await rows(database, "regency")
    assert by_regency["32.12"]["questions"] == Count(6, 1)
    assert by_regency[""]["questions"] == Count(5, 5)
    assert (await rows(database, "language"))["jv"]["missed"] == Count(2, 1)


@pytest.mark.parametrize("dimension", DIMENSIONS)
async def test_a_table_shows_nothing_small(database: Database, dimension: str) -> None:
    await fill(database)
    async with database.read() as session:
        lines = await table(session, dimension, PERIOD)
    values = [cell.value for line in lines for cell in line.cells.values()]
    assert not [value for value in values if value is not None and 0 < value < 5]
    assert any(cell.hidden == FEW for line in lines for cell in line.cells.values())


async def test_an_empty_log_has_empty_tables(database: Database) -> None:
    async with database.read() as session:
        assert [str(c) for c in (await table(session, "all", PERIOD))[0].cells.values()] == ["0"] * 8
        assert len(await table(session, "day", PERIOD)) == 7
        assert await table(session, "topic", PERIOD) == []


def test_hidden_rows_come_without_order() -> None:
    line = protected([Row("a", {"questions": Count(9, 3)})])[0]
    assert (line.share("missed"), line.helpful) == (None, None)


def test_csv_holds_no_formulas() -> None:
    assert to_csv(["a"], [["=1+1"], ["-5"], ["<5"], [7]]) == "a\n'=1+1\n'-5\n<5\n7\n"
