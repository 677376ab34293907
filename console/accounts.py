"""Accounts: who may sign in, with which role, and their passwords (Argon2id)."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.languages import mark as _
from core.storage import Database
from core.storage.staff import Staff, StaffSession

ROLES = ("reviewer", "editor", "admin")
"""From the least to the most: each role may do what those before it may."""

ROLE_TITLES = {
    "reviewer": _("Pembaca percakapan"),
    "editor": _("Penyunting"),
    "admin": _("Pengelola"),
}

PASSWORD_CHARS = 10
"""Fewest characters of a password (NIST SP 800-63B asks for 8 and length over composition rules)."""
PASSWORD_CHARS_MAX = 200

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_hasher = PasswordHasher()
# checked when no account fits, so that the time tells nothing of which names exist
_DECOY = _hasher.hash(secrets.token_urlsafe(16))


class AccountError(ValueError):
    """What was asked of an account cannot be done; the message, in English, says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """A staff member who is signed in."""

    id: int
    name: str
    role: str
    language: str
    must_change: bool

    def may(self, role: str) -> bool:
        """Whether this member's role is `role` or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


def member_of(row: Staff) -> Member:
    """The member of a row."""
    return Member(row.id, row.name, row.role, row.language, row.must_change)


def password_fault(name: str, password: str) -> str | None:
    """Why a password cannot be taken, as a text to translate (`{n}` is the least length); None if it can."""
    if len(password) < PASSWORD_CHARS:
        return _("Kata sandi terlalu pendek: paling sedikit {n} huruf.")
    if len(password) > PASSWORD_CHARS_MAX:
        return _("Kata sandi terlalu panjang.")
    if name in password.lower() or len(set(password)) < 5:
        return _("Kata sandi terlalu mudah ditebak.")
    return None


async def hashed(password: str) -> str:
    """The hash of a password; takes some tens of milliseconds, off the event loop."""
    return await asyncio.to_thread(_hasher.hash, password)


async def fits(stored: str | None, password: str) -> bool:
    """Whether a password fits a stored hash; takes as long without one."""

    def check() -> bool:
        try:
            _hasher.verify(stored or _DECOY, password[:PASSWORD_CHARS_MAX])
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    return await asyncio.to_thread(check)


def new_password() -> str:
    """A first password that can be read out on the telephone: four groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _place in range(4)) for _group in range(4))


async def add(database: Database, name: str, role: str, password: str) -> None:
    """Add a staff member, who must change the password at the first sign-in.

    Raises:
        AccountError: The name, the role or the password cannot be taken.
    """
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"{name!r} cannot be a name: use 2 to 40 small letters, digits, dots or dashes, a letter or digit first."
        )
    if role not in ROLES:
        raise AccountError(f"{role!r} is no role; roles are {', '.join(ROLES)}.")
    _refuse_weak(name, password)
    secret = await hashed(password)
    async with database.begin() as session:
        if await _find(session, name) is not None:
            raise AccountError(f"{name} is there already; `desmi staff reset {name}` gives a new password.")
        session.add(Staff(name=name, role=role, password=secret))


async def reset(database: Database, name: str, password: str) -> None:
    """Give a member a new first password, make the account active, and sign it out everywhere.

    Raises:
        AccountError: Nobody has this name, or the password cannot be taken.
    """
    _refuse_weak(name, password)
    secret = await hashed(password)
    async with database.begin() as session:
        row = await _existing(session, name)
        row.password, row.must_change, row.active = secret, True, True
        await session.execute(delete(StaffSession).where(StaffSession.staff == row.id))


async def close(database: Database, name: str) -> None:
    """End an account: it can no longer sign in; what it did stays on record.

    Raises:
        AccountError: Nobody has this name.
    """
    async with database.begin() as session:
        row = await _existing(session, name)
        row.active = False
        await session.execute(delete(StaffSession).where(StaffSession.staff == row.id))


async def everybody(database: Database) -> Sequence[Staff]:
    """All accounts by name."""
    async with database.read() as session:
        return (await session.scalars(select(Staff).order_by(Staff.name))).all()


def _refuse_weak(name: str, password: str) -> None:
    if fault := password_fault(name, password):
        raise AccountError(fault.format(n=PASSWORD_CHARS))


async def _find(session: AsyncSession, name: str) -> Staff | None:
    return (await session.scalars(select(Staff).where(Staff.name == name))).one_or_none()


async def _existing(session: AsyncSession, name: str) -> Staff:
    row = await _find(session, name)
    if row is None:
        raise AccountError(f"Nobody on the staff is called {name}; `desmi staff list` shows who is.")
    return row
