"""Tables of talking to a person: who waits or is in hand, and how often a poster's code was scanned."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import EncryptedText, UtcDateTime, now


class Handover(Base):
    """A chat that waits for a person, is in a person's hands, or was; at most one of a chat is not closed."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    """`waiting`, `open` or `closed`."""
    urgent: Mapped[bool] = mapped_column(default=False)
    """The chat told of danger: it goes first."""
    topic: Mapped[str | None] = mapped_column(String(64))
    """The danger, or what was asked about last."""
    about: Mapped[str] = mapped_column(EncryptedText, default="")
    """What the person said that it is about, masked; may be empty."""
    language: Mapped[str] = mapped_column(String(8), default="id")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_staff_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_person_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    staff_name: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(12))
    """How it ended: a key of `core.handover.OUTCOMES` or of `core.handover.ENDINGS`."""

    __table_args__ = (
        Index(
            "ix_handovers_live",
            "chat",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_handovers_chat", "chat", "id"),
        Index("ix_handovers_queue", "state", "urgent", "asked_at"),
        Index("ix_handovers_asked_at", "asked_at"),
    )


class LinkScan(Base):
    """How often a link of a poster was opened on a day; nothing tells by whom."""

    __tablename__ = "link_scans"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    link: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The link's payload, such as `c-32-12-16-2004`."""
    scans: Mapped[int] = mapped_column(default=0)
