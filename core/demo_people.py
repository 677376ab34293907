"""Invented talks with staff and corrections by staff: some wait, some are in hand, the others came to an end."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import person_replies, threads
from core.canned_replies import said_in
from core.demo_chats import Maker
from core.handover import ENDINGS, OUTCOMES
from core.hotlines import hotlines
from core.languages import translator
from core.learning.nearness import Refusal
from core.opening_hours import opening_hours
from core.storage import models
from core.storage.handovers import Handover
from core.storage.learning import Correction
from core.topics import EMERGENCIES

STAFF = "petugas.contoh"
"""Who answered; nobody signs in with this name."""

_ENDED = 0.09
"""Share of chats that once talked to a person."""
_LEFT = 0.25
"""Share of these that ended otherwise than by staff."""
_SAYINGS = ("safe_now", "where", "since_when", "documents")
_QUEUED = 4


async def talk(session: AsyncSession, maker: Maker, dice: random.Random, until: datetime) -> int:
    """Give some chats a talk with a person; returns the number of messages."""
    newest = sorted(maker.chats, key=lambda entry: entry.chat.seen_at, reverse=True)
    count = 0
    for place, (chat, home) in enumerate(newest[:4]):
        at = until - timedelta(minutes=(12, 47, 26, 71)[place])
        if place in (0, 2):
            count += await maker.danger(session, chat, at - timedelta(minutes=1), home)
        count += await _one(session, chat, at, dice, taken=place >= 2, outcome=None)
    for chat, _home in newest[4:]:
        if dice.random() >= _ENDED:
            continue
        outcome = dice.choice(list(ENDINGS if dice.random() < _LEFT else OUTCOMES))
        at = min(chat.seen_at + timedelta(minutes=2), until - timedelta(hours=3))
        count += await _one(session, chat, at, dice, taken=outcome in OUTCOMES, outcome=outcome)
    return count


async def _one(
    session: AsyncSession,
    chat: models.Chat,
    at: datetime,
    dice: random.Random,
    *,
    taken: bool,
    outcome: str | None,
) -> int:
    """One talk from its wish to its end; returns the number of messages."""
    t = translator(chat.language)
    wait = timedelta(minutes=round(dice.lognormvariate(2.2, 0.8)) + 1)
    urgent = chat.danger_at is not None and at - chat.danger_at < timedelta(hours=24)
    queued = person_replies.queued(t, 1, opening_hours().status(t, at), urgent).text
    queued = hotlines().fill(queued, at.date(), chat.language)
    said = [("in", "command", "/petugas", at), ("out", "notice", queued, at)]
    end = at + timedelta(minutes=30)
    if taken:
        start = at + min(wait, timedelta(minutes=20))
        said += [
            ("out", "notice", person_replies.taken(t).text, start),
            ("out", "staff", said_in(t, "greeting"), start + timedelta(seconds=40)),
            ("out", "staff", said_in(t, dice.choice(_SAYINGS)), start + timedelta(seconds=95)),
        ]
        end = start + timedelta(minutes=dice.randint(6, 50))
        if outcome is not None:
            said += [("out", "staff", said_in(t, "done"), end)]
    if outcome is not None:
        said += [("out", "notice", person_replies.given_back(t).text, end)]
    for direction, kind, text, moment in said:
        session.add(
            models.Message(
                chat=chat.id, direction=direction, kind=kind, text=text, language=chat.language, alternatives=[],
                at=moment,
            )
        )  # fmt: skip
    session.add(
        Handover(
            chat=chat.id,
            state="closed" if outcome else "open" if taken else "waiting",
            urgent=urgent,
            topic=chat.danger if urgent else None,
            language=chat.language,
            asked_at=at,
            taken_at=start if taken else None,
            last_staff_at=start + timedelta(seconds=95) if taken else None,
            last_person_at=at,
            closed_at=end if outcome else None,
            staff_name=STAFF if taken else None,
            outcome=outcome,
        )
    )
    await session.flush()
    if outcome is None and not taken:
        await threads.flag(session, chat.id, "waiting")
    chat.seen_at = max(chat.seen_at, at)
    return len(said)


async def correct(session: AsyncSession, maker: Maker, until: datetime) -> None:
    """Corrections of the newest messages of people who agreed: in the queue, for a second person, and refused."""
    agreed = [entry.chat.id for entry in maker.chats if entry.chat.consent]
    newest = select(models.Message).where(
        models.Message.chat.in_(agreed[:500]),
        models.Message.kind == "text",
        models.Message.topic.is_not(None),
    )
    rows = (await session.scalars(newest.order_by(models.Message.at.desc()).limit(60))).all()
    plain = [row for row in rows if row.topic not in EMERGENCIES and not row.missed][: _QUEUED + 1]
    urgent = [row for row in rows if row.topic in EMERGENCIES][:1]
    for row in plain[:_QUEUED]:
        session.add(_correction(row, _another(row), "queued", until))
    for row in plain[_QUEUED:]:
        near = Refusal("near", row.text.rstrip("?"), row.topic or "")
        session.add(_correction(row, row.topic or "", "refused", until, near))
    for row in urgent or plain[:1]:
        session.add(_correction(row, "help/trafficked", "waiting", until))


def _another(row: models.Message) -> str:
    """The topic that came second."""
    others: Sequence[dict[str, str]] = row.alternatives
    return next((o["topic"] for o in others if o["topic"] != row.topic), row.topic or "")


def _correction(
    row: models.Message, topic: str, state: str, until: datetime, refusal: Refusal | None = None
) -> Correction:
    return Correction(
        chat=row.chat, message=row.id, kind="topic", text=row.text, topic=topic, before=row.topic,
        emergency=bool({topic, row.topic} & EMERGENCIES), state=state, staff=STAFF, at=until,
        refusal=refusal.to_dict() if refusal else None,
    )  # fmt: skip
