"""Sessions: signed-in browsers, kept in the database; a browser holds a random token, the database its hash."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from console.accounts import Member, member_of
from core.storage import Database
from core.storage.staff import Staff, StaffSession
from core.storage.types import now

IDLE = timedelta(hours=1)
"""A session ends when nothing was done in it for this long."""
ABSOLUTE = timedelta(hours=12)
"""A session ends this long after the sign-in, whatever is done in it: one working day."""
TOUCH = timedelta(minutes=1)
"""How exactly the last use is written down: a write for each request would cost too much."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def start(session: AsyncSession, staff: int) -> str:
    """Sign in; returns the token for the cookie. Sessions that have run out are cleared away."""
    moment = now()
    await session.execute(
        delete(StaffSession).where(
            or_(StaffSession.seen_at < moment - IDLE, StaffSession.created_at < moment - ABSOLUTE)
        )
    )
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token=_hash(token), staff=staff, created_at=moment, seen_at=moment))
    return token


async def find(database: Database, token: str, *, background: bool = False) -> Member | None:
    """Who is signed in with this token; None when nobody is, or no longer.

    A `background` request, one that the page makes by itself, does not keep the session alive.
    """
    moment = now()
    async with database.read() as session:
        found = (
            await session.execute(
                select(Staff, StaffSession.seen_at)
                .join(StaffSession, StaffSession.staff == Staff.id)
                .where(
                    StaffSession.token == _hash(token),
                    StaffSession.seen_at > moment - IDLE,
                    StaffSession.created_at > moment - ABSOLUTE,
                    Staff.active,
                )
            )
        ).one_or_none()
    if found is None:
        return None
    row, seen_at = found
    if not background and seen_at < moment - TOUCH:
        async with database.begin() as session:
            await session.execute(
                change(StaffSession).where(StaffSession.token == _hash(token)).values(seen_at=moment)
            )
    return member_of(row)


async def end(session: AsyncSession, token: str) -> None:
    """Sign out."""
    await session.execute(delete(StaffSession).where(StaffSession.token == _hash(token)))


async def end_others(session: AsyncSession, staff: int, token: str) -> None:
    """Sign a member out everywhere but here."""
    await session.execute(
        delete(StaffSession).where(StaffSession.staff == staff, StaffSession.token != _hash(token))
    )
