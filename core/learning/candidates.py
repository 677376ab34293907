"""Candidates: models that are tried with what waits in the queue, one at a time, and those that were accepted."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import overlay
from core.settings import ROOT
from core.storage import Database
from core.storage.learning import Candidate
from core.storage.types import now

MODELS = ROOT / "models"
BACK = 3
"""Accepted models that one may go back to."""
SILENCE = timedelta(minutes=2)
"""A training that gives no sign of life for so long has ended without a word."""

BROKEN_OFF = "The training was broken off. Try again. (broken_off)"


async def open_one(session: AsyncSession) -> Candidate | None:
    """The candidate that is being trained or waits for a decision."""
    rows = await session.scalars(
        select(Candidate)
        .where(Candidate.state.in_(("running", "ready")))
        .order_by(Candidate.id.desc())
        .limit(1)
    )
    return rows.one_or_none()


async def begin(session: AsyncSession, staff: str) -> Candidate | None:
    """A new candidate; None while another one is being trained. One that waits for a decision is dropped."""
    await fail_silent(session)
    other = await open_one(session)
    if other is not None and other.state == "running":
        return None
    await session.execute(change(Candidate).where(Candidate.state == "ready").values(state="dropped"))
    candidate = Candidate(staff=staff)
    session.add(candidate)
    await session.flush()
    return candidate


async def fail_silent(session: AsyncSession) -> None:
    """Give up trainings that were broken off, by a power cut perhaps."""
    await session.execute(
        change(Candidate)
        .where(Candidate.state == "running", Candidate.beat_at < now() - SILENCE)
        .values(state="failed", error=BROKEN_OFF)
    )


async def report(database: Database, number: int, **values: Any) -> None:
    """Write how far a candidate is."""
    async with database.begin() as session:
        await session.execute(change(Candidate).where(Candidate.id == number).values(beat_at=now(), **values))


async def accepted(session: AsyncSession) -> Sequence[Candidate]:
    """The models accepted last, newest first: the one in use and those that one may go back to."""
    rows = await session.scalars(
        select(Candidate)
        .where(Candidate.accepted_at.is_not(None))
        .order_by(Candidate.accepted_at.desc())
        .limit(BACK + 1)
    )
    return rows.all()


def served(data_dir: Path) -> str:
    """The model that was chosen last; empty while it is the one of the shipped sentences."""
    path = data_dir / overlay.FOLDER / overlay.SERVED
    return path.read_text("utf-8").strip() if path.exists() else ""
