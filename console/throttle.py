"""Throttling of the sign-in: failures are counted by name and by address, in the database."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.keys import Keys
from core.storage.staff import LoginAttempt
from core.storage.types import now

WINDOW = timedelta(minutes=15)
"""How long a failure counts."""
LIMITS = {"pair": 5, "address": 30, "name": 50}
"""Failures within the window after which no more are tried.

For a name from one address; for an address, whatever the name; for a name from anywhere, which is set high
so that a stranger cannot easily lock somebody out.
"""


class Throttle:
    """The failures of one name from one address."""

    def __init__(self, keys: Keys, name: str, address: str) -> None:
        values = {"pair": f"{name}\n{address}", "address": address, "name": name}
        self._marks = {kind: keys.blind(f"login {kind}", value).hex() for kind, value in values.items()}

    async def closed_until(self, session: AsyncSession) -> datetime | None:
        """When the next try is allowed; None when it is now."""
        until: list[datetime] = []
        for kind, mark in self._marks.items():
            times = (
                await session.scalars(
                    select(LoginAttempt.at)
                    .where(LoginAttempt.what == mark, LoginAttempt.at > now() - WINDOW)
                    .order_by(LoginAttempt.at.desc())
                    .limit(LIMITS[kind])
                )
            ).all()
            if len(times) == LIMITS[kind]:
                until.append(times[-1] + WINDOW)
        return max(until, default=None)

    async def count(self, session: AsyncSession) -> None:
        """Count a failure; those too old to count are cleared away."""
        await session.execute(delete(LoginAttempt).where(LoginAttempt.at < now() - WINDOW))
        session.add_all(LoginAttempt(what=mark) for mark in self._marks.values())

    async def clear(self, session: AsyncSession) -> None:
        """A sign-in succeeded: failures of this name from this address no longer count."""
        await session.execute(delete(LoginAttempt).where(LoginAttempt.what == self._marks["pair"]))
