"""Corrections: what staff say a message is about, who must agree, and what may be taught of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Exists, delete, exists, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from core.consent import consented
from core.learning.nearness import Refusal, refusal
from core.learning.sentences import Sentence
from core.storage import models
from core.storage.learning import Candidate, Correction
from core.topics import EMERGENCIES, topics

UNDECIDED = ("waiting", "queued", "refused")
TAUGHT = ("queued", "learned")
"""States of what a candidate is made with."""


class CorrectionError(ValueError):
    """What was asked cannot be done; `reason` is not_permitted, unknown_topic, unknown_place, not_waiting or same_person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """A message, or one of the questions in it: the sentence to teach and its topic."""

    text: str
    topic: str


async def permitted(session: AsyncSession, message: int) -> models.Message | None:
    """The message, if the person agreed that it may be used."""
    return (await session.scalars(consented().where(models.Message.id == message))).one_or_none()


def needs_two(message: models.Message, topic: str) -> bool:
    """Whether a second person must agree: an emergency comes into it, before or after."""
    return bool(message.danger) or bool({topic, message.topic} & EMERGENCIES)


async def propose(session: AsyncSession, message: int, parts: Sequence[Part], staff: str) -> list[Correction]:
    """Say what a message is about; what was said of it before and not yet taught is replaced.

    Raises:
        CorrectionError: The person did not agree to it, or there is no such topic.
    """
    row = await permitted(session, message)
    if row is None:
        raise CorrectionError("not_permitted")
    if any(part.topic not in topics() for part in parts):
        raise CorrectionError("unknown_topic")
    await _withdraw_earlier(session, message, "topic")
    made: list[Correction] = []
    for part in parts:
        two = needs_two(row, part.topic)
        correction = Correction(
            chat=row.chat,
            message=message,
            kind="topic",
            text=" ".join(part.text.split()),
            topic=part.topic,
            before=row.topic,
            emergency=two,
            state="waiting" if two else "queued",
            staff=staff,
        )
        if not two:
            await _admit(session, correction)
        session.add(correction)
        # the next part is compared with this one, too
        await session.flush()
        made.append(correction)
    return made


async def name_entity(
    session: AsyncSession, message: int, kind: str, words: str, value: str, staff: str
) -> Correction:
    """Say what place or country some words of a message mean.

    Raises:
        CorrectionError: The person did not agree to it, or the words are not in the message.
    """
    row = await permitted(session, message)
    if row is None:
        raise CorrectionError("not_permitted")
    said = " ".join(words.lower().split())
    if not said or said not in " ".join(row.text.lower().split()) or not value:
        raise CorrectionError("unknown_place")
    await _withdraw_earlier(session, message, "entity")
    correction = Correction(
        chat=row.chat, message=message, kind="entity", text=said, topic=kind, value=value, state="queued", staff=staff
    )  # fmt: skip
    session.add(correction)
    await session.flush()
    return correction


async def confirm(session: AsyncSession, number: int, staff: str) -> Correction:
    """Agree with a correction as the second person.

    Raises:
        CorrectionError: It does not wait, or waits for somebody else than this member.
    """
    correction = await session.get(Correction, number)
    if correction is None or correction.state != "waiting":
        raise CorrectionError("not_waiting")
    if correction.staff == staff:
        raise CorrectionError("same_person")
    correction.confirmed_by, correction.state = staff, "queued"
    await _admit(session, correction)
    return correction


async def discard(session: AsyncSession, number: int) -> None:
    """Take a correction out; one that was taught already goes with the next training."""
    await session.execute(delete(Correction).where(Correction.id == number))


async def listed(session: AsyncSession, *states: str) -> Sequence[Correction]:
    """Corrections in these states, oldest first, of people whose consent stands."""
    rows = await session.scalars(
        select(Correction).where(Correction.state.in_(states), _agrees()).order_by(Correction.id).limit(2_000)
    )
    return rows.all()


async def of_message(session: AsyncSession, message: int) -> Sequence[Correction]:
    """What was said of a message."""
    rows = await session.scalars(
        select(Correction).where(Correction.message == message).order_by(Correction.id)
    )
    return rows.all()


async def purge(session: AsyncSession) -> int:
    """Delete what belongs to people who took their consent back; returns how many sentences that were."""
    gone = (await session.scalars(select(Correction.id).where(~_agrees()))).all()
    await session.execute(delete(Correction).where(Correction.id.in_(gone)))
    if gone:
        # a model that waits for a decision was made with them
        for candidate in await session.scalars(select(Candidate).where(Candidate.state == "ready")):
            if set(candidate.corrections) & set(gone):
                candidate.state = "dropped"
    return len(gone)


async def restore(session: AsyncSession, learned: Sequence[int]) -> None:
    """Make exactly these the learnt ones; others that were learnt wait in the queue again."""
    await session.execute(
        change(Correction)
        .where(Correction.state == "learned", Correction.id.not_in(learned))
        .values(state="queued")
    )
    await session.execute(
        change(Correction)
        .where(Correction.state == "queued", Correction.id.in_(learned))
        .values(state="learned")
    )


def _agrees() -> Exists:
    """Whether the person behind a correction agrees; a message may be gone by then, so the chat says."""
    return exists().where(models.Chat.id == Correction.chat, models.Chat.consent.is_(True))


async def _withdraw_earlier(session: AsyncSession, message: int, kind: str) -> None:
    await session.execute(
        delete(Correction).where(
            Correction.message == message, Correction.kind == kind, Correction.state.in_(UNDECIDED)
        )
    )


async def _admit(session: AsyncSession, correction: Correction) -> None:
    """Refuse a sentence that is there already, with the reason."""
    rows = await listed(session, *TAUGHT)
    beside = [
        Sentence(row.text, row.topic) for row in rows if row.kind == "topic" and row.id != correction.id
    ]
    found: Refusal | None = refusal(correction.text, correction.topic, beside)
    if found is not None:
        correction.state, correction.refusal = "refused", found.to_dict()
