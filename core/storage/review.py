"""Tables that staff work on: one row a conversation, its tags and notes, words to find it by, saved filters."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import EncryptedText, UtcDateTime, now


class Thread(Base):
    """A conversation as the inbox lists and sorts it; kept by `core.threads` beside the message log."""

    __tablename__ = "threads"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), unique=True)
    done: Mapped[bool] = mapped_column(default=False)
    """Whether staff are done with all that was said so far."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assignee: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    urgency: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Why it needs staff: the bits of `core.threads.REASONS`, so that a greater number is worse."""
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the person last said something."""
    messages: Mapped[int] = mapped_column(default=0)
    """How many times the person said something."""
    head: Mapped[int | None] = mapped_column(BigId)
    """The message that the inbox shows: the one that made it so urgent, otherwise the last text."""
    topic: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None]
    """Topic and confidence of the head."""
    language: Mapped[str] = mapped_column(String(8), default="id")
    """Of the last text."""
    regency: Mapped[str | None] = mapped_column(String(13))
    """Code of the regency in which the person last looked for a centre."""
    danger: Mapped[str | None] = mapped_column(String(40))
    thumbs_up: Mapped[int] = mapped_column(SmallInteger, default=0)
    thumbs_down: Mapped[int] = mapped_column(SmallInteger, default=0)

    __table_args__ = (
        Index("ix_threads_inbox", "done", "urgency", "last_at", "id"),
        Index("ix_threads_urgency", "urgency", "last_at", "id"),
        Index("ix_threads_last_at", "last_at", "id"),
        Index("ix_threads_assignee", "assignee", "done", "urgency", "last_at", "id"),
        Index("ix_threads_regency", "regency", "done", "urgency", "last_at", "id"),
        Index("ix_threads_language", "language", "done", "urgency", "last_at", "id"),
    )


class ThreadTag(Base):
    """A word that staff put on a conversation."""

    __tablename__ = "thread_tags"

    thread: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(30), primary_key=True)

    __table_args__ = (Index("ix_thread_tags_tag", "tag", "thread"),)


class ThreadNote(Base):
    """What one staff member wrote for the others about a conversation."""

    __tablename__ = "thread_notes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    thread: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), index=True)
    staff: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MessageWord(Base):
    """A keyed hash of a word that stands in a message: search finds equal words without reading any text."""

    __tablename__ = "message_words"

    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    thread: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    message: Mapped[int] = mapped_column(
        BigId, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )

    __table_args__ = (Index("ix_message_words_message", "message"), {"sqlite_with_rowid": False})


class SavedFilter(Base):
    """A filter of the inbox under a name; a shared one is everybody's."""

    __tablename__ = "saved_filters"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
    """The filter as it stands in the inbox's address."""
    shared: Mapped[bool] = mapped_column(default=False, index=True)


class Erasure(Base):
    """A chat that staff erased and whose messages the bot has still to take out of the channel; it goes with the chat."""

    __tablename__ = "erasures"

    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    staff: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Purge(Base):
    """The report of one purge by retention."""

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    before: Mapped[datetime] = mapped_column(UtcDateTime)
    """What was said before this was deleted."""
    messages: Mapped[int]
    chats: Mapped[int]
    events: Mapped[int]
    """Events in the dialogue engine's own record."""
