"""Tables of the staff console: who may sign in, who is signed in, and what they looked at and changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.models import Base, BigId
from core.storage.types import EncryptedJson, UtcDateTime, now


class Staff(Base):
    """Somebody who may sign in to the console."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    """Sign-in name: small letters, digits, `.`, `_`, `-`."""
    role: Mapped[str] = mapped_column(String(10))
    """`reviewer`, `editor` or `admin`."""
    password: Mapped[str] = mapped_column(String(200))
    """Argon2id hash."""
    must_change: Mapped[bool] = mapped_column(default=True)
    """The password was set by somebody else: it must be changed before anything can be seen."""
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="id")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class StaffSession(Base):
    """A signed-in browser; only a hash of its token is known here."""

    __tablename__ = "staff_sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the cookie's value, in hexadecimal."""
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


class LoginAttempt(Base):
    """A failed sign-in, kept for as long as it counts against further ones."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    what: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the name or the address that was used."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index("ix_login_attempts_what", "what", "at"), Index("ix_login_attempts_at", "at"))


class Audit(Base):
    """Who looked at or changed what; rows are only ever added.

    It names its staff member by name and not by key, so that it outlives an account.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    staff: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    """A verb, such as `view`, `tag` or `sign_in`."""
    kind: Mapped[str] = mapped_column(String(20))
    """What sort of thing: `chat`, `staff`, `answer` ..."""
    name: Mapped[str] = mapped_column(String(80))
    """Which one: a pseudonym, a name, a topic."""
    detail: Mapped[Any] = mapped_column(EncryptedJson, default=dict)
    """What else belongs to it, encrypted."""

    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_kind_name_id", "kind", "name", "id"),
        Index("ix_audit_staff_id", "staff", "id"),
    )
