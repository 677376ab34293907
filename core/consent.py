"""Consent: whether what a person asked may be used to improve Desmi. A wish of its own, asked once, taken back at any time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.codes import Code, Kind
from core.languages import Translator
from core.languages import mark as _
from core.outcomes import ChatState, Outcome
from core.replies import Choice, Reply
from core.storage import Database, models
from core.tasks.effects import effect
from core.turns import Turn

Standing = Literal["new", "ready", "settled"]
"""Of a chat: too early to ask; the next answered question may be followed by asking; not to be asked (any more)."""

ANSWERS_BEFORE = 2
"""Answers after which the next one may be followed by the question."""

_QUESTION = _(
    "Boleh saya minta izin? Pertanyaan Anda di obrolan ini, dengan nomor pribadi disamarkan, bisa dipakai petugas untuk "
    "mengajari Desmi. Kalau tidak, Desmi tetap membantu Anda seperti biasa. Izin bisa dicabut kapan saja lewat /izin."
)
_GIVEN = _(
    "Sejak {date} Anda mengizinkan pertanyaan Anda (nomor pribadi disamarkan) dipakai untuk mengajari Desmi. "
    "Anda bisa mencabutnya; kalimat Anda lalu tidak dipakai lagi."
)
_REFUSED = _("Pertanyaan Anda tidak dipakai untuk mengajari Desmi. Ini pilihan Anda sejak {date}.")
_OPEN = _("Pertanyaan Anda tidak dipakai untuk mengajari Desmi, karena Anda belum memberi izin.")


def consented() -> Select[models.Message]:
    """The messages that may be used to improve Desmi, at this moment: the one place that decides it.

    Questions to Desmi of chats whose consent stands, masked as they are in the log, not what was written to staff.
    """
    message, chat = models.Message, models.Chat
    return (
        select(message)
        .join(chat, chat.id == message.chat)
        .where(
            chat.consent.is_(True),
            message.direction == "in",
            message.kind == "text",
            message.topic.is_not(None),
        )
    )


async def standing(session: AsyncSession, chat: models.Chat) -> Standing:
    """Whether the chat may be asked; never one that was asked, answered, or told of danger."""
    if chat.consent is not None or chat.consent_asked_at is not None or chat.danger_at is not None:
        return "settled"
    answers = select(models.Message.id).where(
        models.Message.chat == chat.id, models.Message.direction == "out", models.Message.kind == "answer"
    )
    found = await session.scalar(select(func.count()).select_from(answers.limit(ANSWERS_BEFORE).subquery()))
    return "ready" if (found or 0) >= ANSWERS_BEFORE else "new"


def follow(turn: Turn, before: Standing, outcome: Outcome, t: Translator) -> Outcome:
    """The outcome, followed by the question if this is the time: after thanks, or after the third answer."""
    thanked = outcome.feedback is not None and outcome.feedback[1] > 0
    answered = (
        before == "ready"
        and outcome.kind == "answer"
        and outcome.understood.sure
        and any(reply.checked for reply in outcome.replies)
    )
    serious = (
        turn.danger or outcome.danger or outcome.erase or (outcome.understood.topic or "").startswith("help/")
    )
    if before == "settled" or not (thanked or answered) or serious or outcome.chat.task is not None:
        return outcome
    return replace(
        outcome, replies=(*outcome.replies, _question(t)), effects=(*outcome.effects, ConsentAsked())
    )


async def handle(database: Database | None, chat: ChatState, value: str, t: Translator) -> Outcome:
    """Show what was chosen (`show`), or change it (`yes`, `no`)."""
    said = Outcome(chat, kind="notice", language=chat.language)
    if value == "show":
        return replace(said, replies=(await _page(database, chat.id, t),))
    thanks = _(
        "Baik, pertanyaan Anda tidak dipakai untuk mengajari Desmi. Desmi tetap membantu Anda. Mengubahnya: /izin."
    )
    if value == "yes":
        thanks = _("Terima kasih. Izin Anda tercatat. Mencabutnya: /izin.")
    reply, chosen = Reply(t.gettext(thanks)), SetConsent(value == "yes")
    return replace(said, replies=(reply,), effects=(chosen,), in_place=True)


async def _page(database: Database | None, chat: str, t: Translator) -> Reply:
    """What the person chose and when, with the buttons to change it."""
    row = None
    if database is not None:
        async with database.read() as session:
            row = await session.get(models.Chat, chat)
    if row is None or row.consent is None or row.consent_at is None:
        return _with_buttons(t, t.gettext(_OPEN), ("yes", "no"))
    day = t.date(row.consent_at.date())
    if row.consent:
        return _with_buttons(t, t.gettext(_GIVEN).format(date=day), ("no",))
    return _with_buttons(t, t.gettext(_REFUSED).format(date=day), ("yes",))


def page_choice(t: Translator) -> Choice:
    """The button that shows the page."""
    return Choice(t.gettext(_("Izin memakai pertanyaan saya")), str(Code(Kind.CONSENT, "show")))


def _question(t: Translator) -> Reply:
    return _with_buttons(t, t.gettext(_QUESTION), ("yes", "no"))


def _with_buttons(t: Translator, text: str, choices: tuple[str, ...]) -> Reply:
    labels = {"yes": _("Ya, boleh"), "no": _("Tidak boleh")}
    row = tuple(Choice(t.gettext(labels[value]), str(Code(Kind.CONSENT, value))) for value in choices)
    return Reply(text, buttons=(row,))


@effect("consent")
@dataclass(frozen=True, slots=True)
class SetConsent:
    """Writes what the person chose."""

    given: bool

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        row = await session.get_one(models.Chat, chat)
        row.consent, row.consent_at = self.given, moment


@effect("consent_asked")
@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """Notes that Desmi asked."""

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """See `core.tasks.effects.Effect`."""
        row = await session.get_one(models.Chat, chat)
        row.consent_asked_at = moment
