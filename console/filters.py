"""Filters of the inbox: an address's query as values, as conditions in SQL, and back as an address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, exists, literal, select
from sqlalchemy.orm import aliased

from core.keys import Keys
from core.search import hashes
from core.storage.models import Message
from core.storage.review import MessageWord, Thread, ThreadTag
from core.storage.staff import Staff
from core.threads import REASONS
from core.topics import of_theme_all, topics

STATUSES = ("open", "new", "working", "done", "all")
ORDERS = ("worst", "newest")
FEEDBACK = ("down", "up")
BELOW = (30, 50, 70)
"""Confidence in per cent below which the filter looks."""
WORDS = 6
"""Words of a search that count."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the inbox shows; empty fields let everything through."""

    status: str = "open"
    reason: str = ""
    q: str = ""
    topic: str = ""
    """A topic, or a theme with a slash at its end."""
    below: str = ""
    language: str = ""
    regency: str = ""
    danger: str = ""
    feedback: str = ""
    staff: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    order: str = "worst"
    zone: tzinfo = UTC
    """Where the days of `since` and `until` begin and end; no part of the address."""

    @classmethod
    def read(cls, query: Mapping[str, str], zone: tzinfo) -> "Filter":
        """From an address; a value that cannot be is left out."""
        given = {name: query.get(name, "").strip()[:100] for name in _names()}
        allowed = {
            "status": STATUSES,
            "order": ORDERS,
            "reason": (*REASONS, "none"),
            "feedback": FEEDBACK,
            "below": tuple(map(str, BELOW)),
        }
        for name, values in allowed.items():
            if given[name] not in values:
                given[name] = {"status": "open", "order": "worst"}.get(name, "")
        for name in ("since", "until"):
            given[name] = given[name] if _day(given[name]) else ""
        return cls(**given, zone=zone)

    def query(self, **changes: Any) -> str:
        """As the query of an address, without what is as it is by default."""
        other, plain = replace(self, **changes), Filter()
        said = [(name, getattr(other, name)) for name in _names()]
        return urlencode([(name, value) for name, value in said if value != getattr(plain, name)])

    @property
    def narrowed(self) -> bool:
        """Whether anything beside status, reason and order is asked for."""
        return bool(replace(self, status="open", reason="", order="worst").query())


def _names() -> list[str]:
    """The fields that stand in an address."""
    return [field.name for field in fields(Filter) if field.name != "zone"]


def topic_ids(topic: str) -> list[str]:
    """The topics that a filter's `topic` means; none for an unknown one."""
    if topic.endswith("/"):
        return of_theme_all(topic[:-1])
    return [topic] if topic in topics() else []


def conditions(wanted: Filter, keys: Keys) -> Iterator[ColumnElement[bool]]:
    """The conditions on `Thread` that let through what a filter asks for."""
    yield from _of_thread(wanted)
    if wanted.q and len(wanted.q) == Thread.chat.type.length and wanted.q.isalnum():
        yield Thread.chat == wanted.q
        return
    said = list(_of_message(wanted))
    words = hashes(keys, wanted.q)[:WORDS]
    if wanted.q and not words:
        yield literal(False)
    elif words:
        yield _with_words(words, said)
    elif said:
        # as a list, not row by row: SQLite would look through all messages of the time for each conversation
        yield Thread.chat.in_(select(Message.chat).where(Message.direction == "in", *said))


def _of_thread(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    match wanted.status:
        case "open":
            yield Thread.done.is_(False)
        case "new":
            yield and_(Thread.done.is_(False), Thread.assignee.is_(None))
        case "working":
            yield and_(Thread.done.is_(False), Thread.assignee.is_not(None))
        case "done":
            yield Thread.done.is_(True)
    if wanted.reason:
        bit = REASONS.get(wanted.reason, 0)
        yield Thread.urgency.between(bit, max(0, 2 * bit - 1))
    if wanted.language:
        yield Thread.language == wanted.language
    if wanted.regency:
        yield Thread.regency == wanted.regency
    if wanted.danger:
        yield Thread.danger.is_not(None) if wanted.danger == "any" else Thread.danger == wanted.danger
    if wanted.feedback:
        yield (Thread.thumbs_down if wanted.feedback == "down" else Thread.thumbs_up) > 0
    if wanted.staff == "nobody":
        yield Thread.assignee.is_(None)
    elif wanted.staff:
        yield Thread.assignee == select(Staff.id).where(Staff.name == wanted.staff).scalar_subquery()
    if wanted.tag:
        yield exists().where(ThreadTag.thread == Thread.id, ThreadTag.tag == wanted.tag)


def _of_message(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """Conditions that one and the same message of the person must meet."""
    if wanted.topic:
        yield Message.topic.in_(topic_ids(wanted.topic))
    if wanted.below:
        yield Message.confidence < int(wanted.below) / 100
    if (first := _day(wanted.since)) is not None:
        yield Message.at >= datetime.combine(first, time(), wanted.zone)
    if (last := _day(wanted.until)) is not None:
        yield Message.at < datetime.combine(last + timedelta(days=1), time(), wanted.zone)


def _with_words(words: list[int], said: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    first = aliased(MessageWord)
    found = select(literal(1)).where(first.word == words[0], first.thread == Thread.id)
    for word in words[1:]:
        other = aliased(MessageWord)
        found = found.where(other.word == word, other.thread == first.thread, other.message == first.message)
    if said:
        found = found.where(Message.id == first.message, *said)
    return found.correlate(Thread).exists()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
