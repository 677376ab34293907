"""Tables of the tasks that look after a case: the list of placement companies, and what people reported."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import EncryptedJson, UtcDateTime, now


class Agency(Base):
    """A placement company (P3MI) of the list that an operator imported."""

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(100))
    """Number of its SIP3MI, empty where the list shows none."""
    status: Mapped[str] = mapped_column(String(10))
    """`active`, `suspended` or `revoked`."""
    city: Mapped[str] = mapped_column(String(100))
    as_of: Mapped[str] = mapped_column(String(10))
    """The day (YYYY-MM-DD) of which the list speaks; the same for all rows."""
    source_title: Mapped[str] = mapped_column(Text)
    source_publisher: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)


class Report(Base):
    """What a person reported through the guided complaint."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    """The case number that the person was given, as `D-7KQ4-M2XP`."""
    chat: Mapped[str | None] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    """Who reported, until a member of staff takes the report: with the chat it is deleted."""
    taken_from: Mapped[str | None] = mapped_column(ForeignKey("chats.id", ondelete="SET NULL"))
    """Who reported, once it was taken: the report outlives the chat, without a trace of who it was."""
    kind: Mapped[str] = mapped_column(String(20))
    country: Mapped[str | None] = mapped_column(String(2))
    status: Mapped[str] = mapped_column(String(8), default="new")
    """`new`, `taken` or `closed`."""
    anonymous: Mapped[bool] = mapped_column(default=False)
    content: Mapped[Any] = mapped_column(EncryptedJson)
    """The answers, a `core.reports.Answers` as a mapping."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        Index("ix_reports_status", "status", "created_at"),
        Index("ix_reports_chat", "chat"),
        Index("ix_reports_taken_from", "taken_from"),
    )
