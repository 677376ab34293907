"""Table of reminders: one row for each message that is to be sent at its time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import EncryptedJson, UtcDateTime, now


class Reminder(Base):
    """A reminder; those of one date that a person typed have the same `event`."""

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(16))
    """A random name, in the codes of buttons."""
    kind: Mapped[str] = mapped_column(String(20))
    """A kind of `content/reminders.yml`."""
    moment: Mapped[str] = mapped_column(String(20))
    """A moment of that kind."""
    zone: Mapped[str] = mapped_column(String(40))
    """IANA name of the person's time zone."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was put into the outbox, or was left out because a later one of its event was."""
    note: Mapped[Any] = mapped_column(EncryptedJson)
    """`{"day": ISO date that was typed, "who": id of a person}`."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        Index("ix_reminders_due", "sent_at", "due_at"),
        Index("ix_reminders_chat", "chat", "event"),
    )
