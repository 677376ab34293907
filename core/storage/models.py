"""Tables. Chats are known by a pseudonym; whatever a person wrote is encrypted at rest."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, MetaData, SmallInteger, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.storage.types import EncryptedJson, EncryptedText, UtcDateTime, now

# SQLite numbers only INTEGER primary keys by itself
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Area(Base):
    """An administrative area; `code` by decree Kepmendagri 300.2.2-2430 of 2025."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(10), index=True)
    parent_code: Mapped[str | None] = mapped_column(String(13), index=True)
    lat: Mapped[float]
    lon: Mapped[float]
    source: Mapped[str] = mapped_column(String(60))


class Centre(Base):
    """A Desmigratif village."""

    __tablename__ = "centres"

    area_code: Mapped[str] = mapped_column(String(13), primary_key=True)
    village: Mapped[str] = mapped_column(String(100))
    district: Mapped[str] = mapped_column(String(100))
    regency: Mapped[str] = mapped_column(String(100), index=True)
    province: Mapped[str] = mapped_column(String(100), index=True)
    year: Mapped[int | None]
    lat: Mapped[float]
    lon: Mapped[float]
    source_title: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    source_date: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)


class Office(Base):
    """Another office for workers: LTSA, BP3MI, P4MI, Disnaker, airport lounge."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)
    regency: Mapped[str] = mapped_column(String(100), index=True)
    province: Mapped[str] = mapped_column(String(100), index=True)
    phone: Mapped[str | None] = mapped_column(String(100))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    source_title: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    source_date: Mapped[str] = mapped_column(String(10))


class Chat(Base):
    """A conversation partner, known by pseudonym."""

    __tablename__ = "chats"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), default="telegram")
    address: Mapped[str] = mapped_column(EncryptedText)
    """What the channel needs to reply (Telegram's chat id), encrypted."""
    language: Mapped[str] = mapped_column(String(8), default="id")
    country: Mapped[str | None] = mapped_column(String(2))
    active: Mapped[bool] = mapped_column(default=True)
    danger: Mapped[str | None] = mapped_column(String(40))
    danger_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    misses: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How many messages in a row were not understood."""
    task: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    """The task in hand, a `core.tasks.task.TaskState` as a mapping."""
    keeps: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    """What tasks keep beyond their end, a mapping."""
    topics: Mapped[Any] = mapped_column(JSON, default=list)
    """The last topics, the newest first: `["theme/topic", ...]`; see `core.context`."""
    topics_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the newest of them was asked about."""
    consent: Mapped[bool | None]
    """Whether what the person wrote may be used to improve Desmi; None: not answered."""
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that was answered last."""
    consent_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Desmi asked of its own accord, which it does once."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


class Update(Base):
    """An incoming update, committed (redacted) before it is acknowledged."""

    __tablename__ = "updates"

    bot: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    turn: Mapped[Any] = mapped_column(EncryptedJson)
    """A `core.turns.Turn` as a mapping; emptied once it is done."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    message: Mapped[int | None] = mapped_column(BigId)
    """The `messages` row of what was said."""
    said_id: Mapped[int | None] = mapped_column(BigInteger)
    """The channel's id of what the person sent, so that it can be taken out of the chat."""
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person was told that the answer comes later."""

    __table_args__ = (
        Index("ix_updates_pending", "done_at", "bot", "update_id"),
        Index("ix_updates_chat", "chat"),
    )


class Message(Base):
    """The message log: what was said, what was understood, what came of it."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    direction: Mapped[str] = mapped_column(String(3))
    """`in` or `out`."""
    kind: Mapped[str] = mapped_column(String(12))
    """For `in` a turn's kind (text, tap, command, location, other); for `out` answer, card, menu, task, notice, or staff
    for what a person of the staff wrote."""
    text: Mapped[str] = mapped_column(EncryptedText)
    topic: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None]
    alternatives: Mapped[Any] = mapped_column(JSON, default=list)
    """`[{"topic": str, "confidence": float}]`, best first."""
    missed: Mapped[bool] = mapped_column(default=False)
    """On the `in` row, whether the engine was unsure what it means: what the statistics count, also where a task knew better
    (a place's name in reply to a question)."""
    shown: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    """What was shown beside the text: buttons, pin, sources; of a shared location the coarse point."""
    danger: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8), default="id")
    latency_ms: Mapped[int | None]
    """From receipt to the reply's commit, for `out`; milliseconds."""
    feedback: Mapped[int | None] = mapped_column(SmallInteger)
    """1 helpful, -1 not, on the `out` row."""
    reply_to: Mapped[int | None] = mapped_column(BigId)
    review: Mapped[str | None] = mapped_column(String(12))
    """On the `in` row, why a person should look at it, see `core.review`: it was missed and the person was told so, or the
    answer was rated as not helpful."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        Index("ix_messages_chat_at", "chat", "at"),
        Index("ix_messages_at", "at"),
        Index("ix_messages_topic_at", "topic", "at"),
        # they answer the inbox's filters by themselves, without a look at the wide rows
        Index("ix_messages_find", "direction", "topic", "at", "confidence", "chat"),
        Index("ix_messages_chat_find", "chat", "direction", "topic", "at", "confidence"),
        Index("ix_messages_at_find", "direction", "at", "chat"),
        Index("ix_messages_confidence", "direction", "confidence", "chat"),
        Index("ix_messages_review_at", "review", "at"),
        # few of all messages; the conditions as queries say them, otherwise no index of a part is used
        Index(
            "ix_messages_missed_at",
            "at",
            sqlite_where=sql("missed IS 1"),
            postgresql_where=sql("missed IS true"),
        ),
        Index(
            "ix_messages_rated_at",
            "at",
            sqlite_where=sql("feedback IS NOT NULL"),
            postgresql_where=sql("feedback IS NOT NULL"),
        ),
    )


class Outgoing(Base):
    """The outbox: what is still to be sent, in order within a chat."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    message: Mapped[int | None] = mapped_column(BigId)
    """The `messages` row that this sends, if any."""
    call: Mapped[Any] = mapped_column(EncryptedJson)
    """`{"method": str, ...}`: the edge's own form of the call."""
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    """queued, sending, sent, failed, unknown (timed out: it may have arrived), held (while a person has the chat)."""
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    external_id: Mapped[int | None] = mapped_column(BigInteger)
    """The channel's id of the sent message, for edits and deletion."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_outbox_state", "state", "id"), Index("ix_outbox_chat", "chat", "id"))


class Fact(Base):
    """Small facts about the database itself, such as which content version it holds."""

    __tablename__ = "facts"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
