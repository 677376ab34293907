"""Drafts: answers that editors are changing, version by version, until they stand in `domain/answers/`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.answers import Answer, Variant
from core.replies import Source
from core.storage.quality import AnswerDraft


class DraftChangedError(RuntimeError):
    """Somebody else saved the same answer meanwhile."""


def answer_of(draft: AnswerDraft) -> Answer:
    """The answer that a draft would make."""
    details: Mapping[str, Any] = draft.details
    sources = tuple(Source(**source) for source in details["sources"])
    by_country = {
        country: Variant(part["text"], tuple(Source(**source) for source in part["sources"]))
        for country, part in details.get("by_country", {}).items()
    }
    return Answer(
        draft.topic,
        draft.text,
        sources,
        details["checked"],
        details["review_by"],
        tuple(details["related"]),
        by_country,
        tuple(details.get("numbers_first", ())),
    )


async def history(session: AsyncSession, topic: str) -> Sequence[AnswerDraft]:
    """All saved versions of a topic's answer, the newest first."""
    rows = await session.scalars(
        select(AnswerDraft).where(AnswerDraft.topic == topic).order_by(AnswerDraft.id.desc()).limit(100)
    )
    return rows.all()


async def pending(session: AsyncSession, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The drafts that differ from the files' `answers`, by topic; what was taken over is no draft any more."""
    newest = select(func.max(AnswerDraft.id)).group_by(AnswerDraft.topic)
    rows = await session.scalars(
        select(AnswerDraft).where(AnswerDraft.id.in_(newest), AnswerDraft.withdrawn.is_(False))
    )
    drafts = {row.topic: answer_of(row) for row in rows}
    return {topic: draft for topic, draft in drafts.items() if topic in answers and draft != answers[topic]}


async def save(
    session: AsyncSession, answer: Answer, staff: str, *, base: int, withdrawn: bool = False
) -> AnswerDraft:
    """Add a version; `base` is the id of the newest one that its editor saw, 0 where there was none.

    Raises:
        DraftChangedError: There is a newer one.
    """
    newest = await session.scalar(select(func.max(AnswerDraft.id)).where(AnswerDraft.topic == answer.topic))
    if (newest or 0) != base:
        raise DraftChangedError(answer.topic)
    details = asdict(answer)
    del details["topic"], details["text"]
    draft = AnswerDraft(
        topic=answer.topic, text=answer.text, details=details, withdrawn=withdrawn, staff=staff
    )
    session.add(draft)
    await session.flush()
    return draft
