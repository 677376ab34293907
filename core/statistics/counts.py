"""Counts of the message log by day, topic, language and regency, in SQL on both databases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, distinct, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.answers import read_answers
from core.statistics.suppression import Count
from core.storage.models import Message
from core.storage.review import Thread
from core.topics import CONVERSATIONAL, OUT_OF_SCOPE

PERIODS = (7, 30, 90, 365)
"""Days that a period may have. Few on purpose: from two periods that differ little a single day can be found."""
HOURS_EAST = 7
"""Days begin at midnight UTC+7, the time of Java and Sumatra."""
CENTRE_TOPIC = "task/find_centre"
DIMENSIONS = ("all", "day", "topic", "language", "regency")
MEASURES = ("questions", "sourced", "missed", "danger", "helpful", "unhelpful", "centres")

_SMALL_TALK = CONVERSATIONAL - {OUT_OF_SCOPE}
_ASKING = ("text", "tap", "command", "location")


class LocalDay(FunctionElement[str]):
    """The day of a time in UTC+7 as YYYY-MM-DD."""

    type = String()
    inherit_cache = True
    name = "local_day"


@compiles(LocalDay, "sqlite")
def _day_sqlite(element: LocalDay, compiler: SQLCompiler, **how: Any) -> str:
    return f"date({compiler.process(element.clauses, **how)}, '+{HOURS_EAST} hours')"


@compiles(LocalDay, "postgresql")
def _day_postgresql(element: LocalDay, compiler: SQLCompiler, **how: Any) -> str:
    moment = compiler.process(element.clauses, **how)
    return f"to_char({moment} AT TIME ZONE interval '{HOURS_EAST} hours', 'YYYY-MM-DD')"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment to before the last, both UTC."""

    since: datetime
    until: datetime

    @classmethod
    def last(cls, days: int, now: datetime) -> "Period":
        """The last whole days and today."""
        local = now.astimezone(UTC) + timedelta(hours=HOURS_EAST)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=HOURS_EAST)
        return cls(midnight - timedelta(days=days - 1), midnight + timedelta(days=1))

    def days(self) -> list[str]:
        """Its days as YYYY-MM-DD, UTC+7."""
        first = self.since + timedelta(hours=HOURS_EAST)
        return [str((first + timedelta(days=n)).date()) for n in range((self.until - self.since).days)]


@dataclass(frozen=True, slots=True)
class Row:
    """What was counted for one value of a dimension (a day, topic, language, regency; empty where unknown).

    Of `MEASURES`: `questions` are messages that ask something; of these `sourced` were on a topic whose answer has
    a dated source, `missed` were not understood, `danger` told of danger. `helpful` and `unhelpful` are
    answers that were rated; `centres` are pins of centres that were shown.
    """

    key: str
    counts: Mapping[str, Count] = field(default_factory=dict)

    def __getitem__(self, measure: str) -> Count:
        """A measure's count; nothing counted is none."""
        return self.counts.get(measure, Count())


@lru_cache(maxsize=1)
def sourced_topics() -> frozenset[str]:
    """Topics whose written answer names a source with a date."""
    return frozenset(t for t, answer in read_answers().items() if any(s.date for s in answer.sources))


def _key(dimension: str) -> ColumnElement[str]:
    match dimension:
        case "day":
            return LocalDay(Message.at)
        case "topic":
            return func.coalesce(Message.topic, "")
        case "language":
            return Message.__table__.c.language
        case "regency":
            return func.coalesce(Thread.regency, "")
    return literal("")


def _grouped(
    dimension: str, period: Period, where: ColumnElement[bool], tests: Mapping[str, ColumnElement[bool]]
) -> Select[Any]:
    """How many messages pass each test and of how many people, by the dimension's value."""
    return _by_key(_of_each(dimension, period, where, tests), tests)


def _of_each(
    dimension: str, period: Period, where: ColumnElement[bool], tests: Mapping[str, ColumnElement[bool]]
) -> Select[Any]:
    """The same for each person."""
    key = _key(dimension).label("key")
    columns: list[ColumnElement[Any]] = [key, Message.__table__.c.chat]
    columns += [func.count(case((test, 1))).label(name) for name, test in tests.items()]
    counted: Select[Any] = select(*columns).where(
        where, Message.at >= period.since, Message.at < period.until
    )
    if dimension == "regency":
        counted = counted.outerjoin(Thread, Thread.chat == Message.chat)
    return counted.group_by(key, Message.chat)


def _by_key(of_each: Select[Any], names: Iterable[str]) -> Select[Any]:
    # counting distinct people at once would sort all messages once for each test
    person = of_each.subquery()
    columns: list[ColumnElement[Any]] = [
        column
        for name in names
        for column in (
            func.sum(person.c[name]).label(name),
            func.count(case((person.c[name] > 0, 1))).label(f"{name}_people"),
        )
    ]
    return select(person.c.key, *columns).group_by(person.c.key)


def _asked() -> ColumnElement[bool]:
    talk = func.coalesce(Message.topic, "").not_in(sorted(_SMALL_TALK))
    asking = or_(Message.kind == "text", and_(Message.kind.in_(_ASKING), Message.topic.is_not(None)))
    return and_(Message.direction == "in", asking, talk)


async def count(session: AsyncSession, dimension: str, period: Period) -> list[Row]:
    """All measures by one of `DIMENSIONS`, rows in no particular order; `all` gives one row."""
    missed, found = Message.missed.is_(True), Message.topic.in_(sorted(sourced_topics()))
    questions = _grouped(
        dimension,
        period,
        _asked(),
        {
            "questions": Message.id.is_not(None),
            "sourced": and_(found, ~missed),
            "missed": missed,
            "danger": Message.danger.is_not(None),
        },
    )
    rated = _grouped(
        dimension,
        period,
        and_(Message.direction == "out", Message.feedback.is_not(None)),
        {"helpful": Message.feedback == 1, "unhelpful": Message.feedback == -1},
    )
    # the pins follow the text of their answer
    first = (
        select(Message.reply_to.label("asked"), func.min(Message.id).label("first"))
        .where(
            Message.direction == "out",
            Message.topic == CENTRE_TOPIC,
            Message.at >= period.since,
            Message.at < period.until,
        )
        .group_by(Message.reply_to)
        .subquery()
    )
    tests = {"centres": Message.id > first.c.first}
    shown = _of_each(
        dimension, period, and_(Message.direction == "out", Message.topic == CENTRE_TOPIC), tests
    )
    pins = _by_key(shown.join(first, first.c.asked == Message.reply_to), tests)
    found_rows: dict[str, dict[str, Count]] = {}
    for statement in (questions, rated, pins):
        for line in (await session.execute(statement)).mappings():
            counts = found_rows.setdefault(line["key"], {})
            for measure in MEASURES:
                if measure in line:
                    # PostgreSQL gives a sum as a decimal
                    counts[measure] = Count(int(line[measure]), line[f"{measure}_people"])
    return [Row(key, counts) for key, counts in found_rows.items() if any(c.events for c in counts.values())]


async def nearly(session: AsyncSession, period: Period) -> dict[str, Count]:
    """By topic, the messages that were not understood and were most like this topic's."""
    nearest = Message.alternatives[0]["topic"].as_string().label("nearest")
    found = await session.execute(
        select(nearest, func.count(), func.count(distinct(Message.chat)))
        .where(
            Message.direction == "in",
            Message.missed.is_(True),
            Message.at >= period.since,
            Message.at < period.until,
        )
        .group_by(nearest)
    )
    return {topic: Count(events, people) for topic, events, people in found if topic}


def complete(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """The rows of these keys in this order, empty ones where nothing was counted."""
    known = {row.key: row for row in rows}
    return [known.get(key, Row(key)) for key in keys]
