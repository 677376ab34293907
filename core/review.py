"""The review list: questions that a person should look at, because Desmi was unsure or its answer did not help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.storage import Database, models

UNSURE = "unsure"
"""Not understood, and said so."""
UNHELPFUL = "unhelpful"
"""The person marked the answer as not helpful."""
LISTED = 50
"""Questions of one page."""


@dataclass(frozen=True, slots=True)
class Questionable:
    """A message on the list; `at` in ISO 8601 (UTC), `text` masked, `alternatives` as in the message log."""

    id: int
    at: str
    reason: str
    text: str
    language: str
    topic: str | None
    confidence: float | None
    alternatives: Sequence[Mapping[str, Any]]


async def waiting(database: Database, limit: int = LISTED) -> list[Questionable]:
    """The newest messages on the list, at most `limit`."""
    table = models.Message
    async with database.begin() as session:
        rows = await session.scalars(
            select(table)
            .where(table.review.in_((UNSURE, UNHELPFUL)))
            .order_by(table.at.desc(), table.id.desc())
            .limit(limit)
        )
        return [
            Questionable(
                row.id,
                row.at.isoformat(timespec="seconds"),
                str(row.review),
                row.text,
                row.language,
                row.topic,
                row.confidence,
                row.alternatives,
            )
            for row in rows
        ]
