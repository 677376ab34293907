"""Tables of how well Desmi answers: held-out scores, counts, and answers and hotlines that editors are changing."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import UtcDateTime, now


class Score(Base):
    """What `desmi evaluate` measured of a model; shares are 0 to 1."""

    __tablename__ = "scores"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    model: Mapped[str] = mapped_column(String(80))
    sentences: Mapped[int]
    accuracy: Mapped[float]
    macro_f1: Mapped[float]
    danger_recall: Mapped[float]
    rejected: Mapped[float]
    """Out-of-scope sentences that were declined."""


class Counted(Base):
    """A table of the statistics as it was counted last, each number protected: nothing in it tells of one person."""

    __tablename__ = "counted"

    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    """One of `core.statistics.kept.TABLES`."""
    days: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """How many days it is about, the last of them that of `at`."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    lines: Mapped[Any] = mapped_column(JSON)
    """`[[key, {column: [number, or the sign in its place]}]]`, in their order."""


class AnswerDraft(Base):
    """One saved version of an answer that an editor is changing; rows are only added, the newest of a topic counts."""

    __tablename__ = "answer_drafts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    details: Mapped[Any] = mapped_column(JSON)
    """`sources`, `checked`, `review_by`, `related`, as in `domain/answers/`."""
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """Whether the editor took the draft back: the answer stays as its file has it."""
    staff: Mapped[str] = mapped_column(String(40))
    """Sign-in name; it outlives the account."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index("ix_answer_drafts_topic", "topic", "id"),)


class HotlineDraft(Base):
    """One saved version of a hotline that an editor is changing; rows are only added, the newest of a line counts."""

    __tablename__ = "hotline_drafts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    entry: Mapped[Any] = mapped_column(JSON)
    """The entry with the fields of `content/hotlines.yml`; null where it is to go."""
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """Whether the editor took the draft back: the line stays as the file has it."""
    staff: Mapped[str] = mapped_column(String(40))
    """Sign-in name; it outlives the account."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index("ix_hotline_drafts_line", "line", "id"),)
