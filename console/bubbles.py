"""Bubbles: the messages of a conversation as the person saw them, with what was understood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from console.paging import Slice, cut, unpack
from core.codes import Kind, parse_code
from core.languages import Translator
from core.languages import mark as _
from core.storage.models import Message, Outgoing
from core.threads import UNSURE
from core.topics import THEME_TITLES, topics

SHOWN = 80
"""Messages on one page."""

_TAPS = {
    Kind.HELPFUL: _("menilai jawaban"),
    Kind.LANGUAGE: _("memilih bahasa"),
    Kind.ERASE: _("hapus data"),
    Kind.PLACE: _("memilih tempat"),
    Kind.CONSENT: _("menjawab soal izin"),
}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message; `text` is what the person saw or wrote, `action` what they tapped or shared instead."""

    message: Message
    text: str
    action: str = ""
    parts: dict[str, Any] = field(default_factory=dict)
    state: str = ""
    """For what Desmi said: `queued`, `sending`, `failed`, `unknown`; empty when it arrived."""

    @property
    def theirs(self) -> bool:
        """Whether the person said it."""
        return self.message.direction == "in"

    @property
    def unsure(self) -> bool:
        """Whether it was understood with little confidence."""
        return (self.message.confidence or 1.0) < UNSURE


async def bubbles(session: AsyncSession, t: Translator, chat: str, before: str = "") -> Slice[Bubble]:
    """The last messages of a chat, oldest first; `following` leads to those before them."""
    query = (
        select(Message)
        .where(Message.chat == chat)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(SHOWN + 1)
    )
    if key := unpack(before, int):
        edge = await session.get(Message, key[0])
        if edge is not None:
            query = query.where(tuple_(Message.at, Message.id) < (edge.at, edge.id))
    page = cut((await session.scalars(query)).all(), lambda message: [message.id], SHOWN)
    states = await _states(session, chat, page.rows)
    shown = [_bubble(t, message, states.get(message.id, "")) for message in reversed(page.rows)]
    return Slice(shown, page.following)


async def _states(session: AsyncSession, chat: str, messages: Sequence[Message]) -> dict[int, str]:
    ids = [message.id for message in messages if message.direction == "out"]
    found = await session.execute(
        select(Outgoing.message, Outgoing.state).where(
            Outgoing.chat == chat, Outgoing.message.in_(ids), Outgoing.state != "sent"
        )
    )
    return {number: state for number, state in found if number is not None}


def _bubble(t: Translator, message: Message, state: str) -> Bubble:
    parts = message.shown or {}
    if message.direction == "out":
        return Bubble(message, message.text, parts=parts, state=state)
    match message.kind:
        case "tap":
            return Bubble(
                message, "", t.gettext(_("Menekan tombol: {what}")).format(what=_tapped(t, message.text))
            )
        case "location":
            return Bubble(message, "", t.gettext(_("Membagikan lokasi (dibulatkan ke sekitar 1 km)")), parts)
        case "command":
            return Bubble(message, "", message.text)
        case "other":
            return Bubble(message, "", t.gettext(_("Mengirim: {what}")).format(what=message.text))
    return Bubble(message, message.text)


def _tapped(t: Translator, data: str) -> str:
    code = parse_code(data)
    if code is None:
        return data
    if code.kind is Kind.TOPIC and code.value in topics():
        return t.gettext(topics()[code.value].title)
    if code.kind is Kind.THEME:
        return t.gettext(THEME_TITLES.get(code.value, _("Menu utama")))
    if code.kind is Kind.TASK and f"task/{code.value}" in topics():
        return t.gettext(topics()[f"task/{code.value}"].title)
    return t.gettext(_TAPS[code.kind]) if code.kind in _TAPS else data
