"""Screen: talk to the running engine as a person would, and see how each turn was understood."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache

from starlette.responses import Response

from console.desk import Desk, Page, Screen
from core.answers import Answer, read_answers
from core.conversation import Conversation
from core.engine_client import EngineClient
from core.guard import default_guard
from core.help_cards import addressee
from core.hotlines import hotlines
from core.languages import LANGUAGES
from core.languages import mark as _
from core.menus import topic_choice
from core.outcomes import ChatState, EngineDownError, Outcome
from core.reading import read_text
from core.replies import Reply
from core.topics import topics
from core.turns import Turn

TURNS = 30
"""Turns shown; older ones are forgotten."""
TALKS = 100
"""Members whose conversation is kept; nothing of it is written to the database."""
RELATED = 3
ENTITIES = {
    "country": _("Negara"),
    "document": _("Dokumen"),
    "sector": _("Pekerjaan"),
    "scheme": _("Skema"),
    "place": _("Tempat"),
    "money": _("Uang"),
    "date": _("Tanggal"),
}
"""Titles of what is recognised in a message."""
_DOWN = _("Mesin pemahaman sedang tidak menjawab. Jalankan Desmi (make run), atau tunggu sebentar.")


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: what was sent, what was understood, what Desmi said."""

    text: str
    outcome: Outcome
    replies: tuple[Reply, ...]


@dataclass
class Talk:
    """A member's conversation, as long as the console runs."""

    chat: ChatState
    turns: deque[Said] = field(default_factory=lambda: deque(maxlen=TURNS))


_talks: dict[int, Talk] = {}


@lru_cache(maxsize=1)
def _answers() -> dict[str, Answer]:
    return dict(read_answers())


def _talk(desk: Desk) -> Talk:
    talk = _talks.get(desk.member.id)
    if talk is None:
        if len(_talks) >= TALKS:
            _talks.pop(next(iter(_talks)))
        talk = _talks[desk.member.id] = Talk(ChatState(f"try-{desk.member.id}"))
    return talk


async def _show(desk: Desk) -> Response:
    return await _page(desk)


async def _page(desk: Desk, fault: str = "", status: int = 200) -> Response:
    talk = _talk(desk)
    return await desk.page(
        "try.html",
        status=status,
        fault=fault,
        turns=list(talk.turns),
        topics=topics(),
        entities=ENTITIES,
        related=lambda reply: [topic_choice(desk.t, name) for name in reply.related[:RELATED]],
        languages_by_code={language.code: language.name for language in LANGUAGES.values()},
    )


async def _say(desk: Desk) -> Response:
    talk = _talk(desk)
    tap, text = desk.value("tap"), desk.value("text")[:4096]
    if not tap and not text:
        return desk.redirect("/try")
    guard = await asyncio.to_thread(default_guard)
    turn = Turn("tap", tap) if tap else read_text(text, guard, hotlines().numbers())
    answers = await asyncio.to_thread(_answers)
    try:
        async with EngineClient(desk.settings.rasa_url) as engine:
            conversation = Conversation(engine=engine, answers=answers, database=desk.database)
            outcome = await conversation.handle(talk.chat, turn)
    except EngineDownError:
        return await _page(desk, _DOWN, 503)
    cards = (conversation.card(addressee(talk.chat, turn.text), turn.danger),) if turn.danger else ()
    talk.turns.append(Said(desk.value("label") or turn.text, outcome, (*cards, *outcome.replies)))
    # what a task would write for a person is not written: nobody is there to get it
    talk.chat = outcome.chat
    return desk.redirect("/try#last")


async def _restart(desk: Desk) -> Response:
    talk = _talks.pop(desk.member.id, None)
    if talk is not None:
        try:
            async with EngineClient(desk.settings.rasa_url) as engine:
                await engine.forget(talk.chat.id)
        except EngineDownError:
            return await _page(desk, _DOWN, 503)
    return desk.redirect("/try")


SCREEN = Screen(
    "try",
    _("Coba Desmi"),
    "/try",
    "try",
    "reviewer",
    (
        Page("/try", _show, "reviewer"),
        Page("/try", _say, "reviewer", ("POST",)),
        Page("/try/restart", _restart, "reviewer", ("POST",)),
    ),
)
