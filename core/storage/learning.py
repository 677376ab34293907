"""Tables of learning: what staff corrected, the models that were tried with it, and what was handed to `nlu/`."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import EncryptedJson, EncryptedText, UtcDateTime, now


class Correction(Base):
    """What a staff member says a message, or a part of it, is about."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chat: Mapped[str] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    message: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    """The message; none once its time of keeping is over, while the person's consent still stands."""
    kind: Mapped[str] = mapped_column(String(10))
    """`topic`, or `entity` for what a place or a country was called."""
    text: Mapped[str] = mapped_column(EncryptedText)
    """The sentence to be taught; of an entity the words that name it."""
    topic: Mapped[str] = mapped_column(String(64))
    """The right topic; of an entity `place` or `country`."""
    value: Mapped[str] = mapped_column(String(40), default="")
    """Of an entity: the area's official code, or the country's."""
    before: Mapped[str | None] = mapped_column(String(64))
    """What was understood when it was corrected."""
    emergency: Mapped[bool] = mapped_column(default=False)
    """It turns something into an emergency or an emergency into something else: two people decide."""
    state: Mapped[str] = mapped_column(String(10))
    """waiting (for the second person), queued, learned, merged, refused."""
    refusal: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    """Why it was refused, a `core.learning.nearness.Refusal` as a mapping."""
    staff: Mapped[str] = mapped_column(String(40))
    confirmed_by: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index("ix_corrections_state", "state", "id"),)


class Candidate(Base):
    """A model that was tried: how far its training is, what it is better and worse at, what became of it."""

    __tablename__ = "candidates"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="running")
    """running, ready, failed, dropped, accepted."""
    stage: Mapped[str] = mapped_column(String(12), default="starting")
    """starting, training, loading, before, after."""
    done: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How far, in per cent."""
    error: Mapped[str] = mapped_column(Text, default="")
    base: Mapped[str] = mapped_column(String(64), default="")
    """Fingerprint of everything but the learnt sentences."""
    model: Mapped[str] = mapped_column(String(80), default="")
    """File name of the model."""
    corrections: Mapped[Any] = mapped_column(JSON, default=list)
    """Ids of all corrections that the model was made with."""
    report: Mapped[Any] = mapped_column(JSON, nullable=True)
    """A `core.learning.scores.Comparison` as a mapping; no text of a person is in it."""
    staff: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    """Last sign of life of the training."""
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class Taught(Base):
    """A sentence that was handed out for `nlu/`: the trace by which it is left out once it is withdrawn."""

    __tablename__ = "taught"

    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Keyed hash of the sentence."""
    correction: Mapped[int | None] = mapped_column(
        ForeignKey("corrections.id", ondelete="SET NULL"), index=True
    )
    """None: the person withdrew it, or asked to be forgotten."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
