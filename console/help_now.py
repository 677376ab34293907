"""Screen: help now - who waits for a person or is in hand, live; taking, answering and giving back."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from console.desk import Desk, Page, Screen
from core import handover
from core.canned_replies import canned_replies, said_in
from core.handover import HandoverError, Officer
from core.languages import LANGUAGES, translator
from core.languages import mark as _
from core.opening_hours import opening_hours
from core.storage import Database
from core.storage.handovers import Handover
from core.storage.models import Chat
from core.storage.types import now
from core.topics import topics

LOOK_S = 2.0
"""How often the queue is looked at for a browser that listens."""
LISTEN_S = 55.0
"""After this a browser connects anew, and shows that it is still signed in."""


async def _queue(desk: Desk) -> dict[str, Any]:
    async with desk.database.read() as session:
        rows = await handover.queue(session)
    return {
        "waiting": [row for row in rows if row.state == "waiting"],
        "open": [row for row in rows if row.state == "open"],
        "topics": topics(),
        "languages_by_code": {language.code: language.name for language in LANGUAGES.values()},
    }


async def _show(desk: Desk) -> Response:
    hours = opening_hours().status(desk.t, now())
    return await desk.page("help_now.html", hours=hours, **await _queue(desk))


async def _list(desk: Desk) -> Response:
    return desk.part("help_list.html", **await _queue(desk))


async def signs(database: Database) -> dict[str, int]:
    """What tells that the queue changed: how many wait, in danger, in hand, and the newest change in seconds."""
    live = Handover.state != "closed"
    async with database.read() as session:
        rows = (await session.execute(select(Handover.state, Handover.urgent).where(live))).all()
        latest = await session.scalar(
            select(func.max(func.coalesce(Handover.last_person_at, Handover.asked_at))).where(live)
        )
    waiting = [urgent for state, urgent in rows if state == "waiting"]
    return {
        "waiting": len(waiting),
        "urgent": sum(waiting),
        "open": len(rows) - len(waiting),
        "latest": int(latest.timestamp()) if latest else 0,
    }


async def changes(database: Database, listen_s: float = LISTEN_S) -> AsyncIterator[str]:
    """Server-sent events: the state of the queue at first and at each change."""
    last: dict[str, int] | None = None
    loop = asyncio.get_running_loop()
    until = loop.time() + listen_s
    yield "retry: 1000\n\n"
    while True:
        found = await signs(database)
        if found != last:
            last = found
            yield f"event: queue\ndata: {json.dumps(found)}\n\n"
        if loop.time() >= until:
            return
        await asyncio.sleep(LOOK_S)


async def _events(desk: Desk) -> Response:
    return StreamingResponse(
        changes(desk.database), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _take(desk: Desk) -> Response:
    return await _change(desk, "take")


async def _reply(desk: Desk) -> Response:
    return await _change(desk, "reply")


async def _close(desk: Desk) -> Response:
    return await _change(desk, "close")


async def _change(desk: Desk, what: str) -> Response:
    """Take, answer or close a handover, with its audit row in the same transaction."""
    number = int(desk.request.path_params["number"])
    me = Officer(desk.member.id, desk.member.name)
    try:
        async with desk.database.begin() as session:
            match what:
                case "take":
                    row = await handover.take(session, number, me, now())
                    desk.record(session, "take", "chat", row.chat)
                case "reply":
                    found = await session.get(Handover, number)
                    chat = await session.get(Chat, found.chat) if found else None
                    text = _words(desk, chat.language if chat else "")
                    row = await handover.reply(session, number, me, text, now())
                    desk.record(session, "reply", "chat", row.chat)
                case _:
                    outcome = desk.value("outcome")
                    row = await handover.close(session, number, outcome, now())
                    desk.record(session, "close", "chat", row.chat, outcome=outcome)
    except HandoverError as error:
        return await desk.page("help_refused.html", status=409, why=str(error))
    if what == "close":
        return desk.redirect("/help-now")
    return desk.redirect(f"/chats/{row.chat}?back=/help-now#reply")


def _words(desk: Desk, language: str) -> str:
    """The canned sentence, if one was chosen, and what was written."""
    parts = [desk.value("text")]
    if name := desk.value("canned"):
        if name not in canned_replies():
            raise HTTPException(400)
        parts.insert(0, said_in(translator(language), name))
    return "\n\n".join(filter(None, parts))


async def _panel(desk: Desk, session: AsyncSession, chat: str) -> Markup | str:
    """Under a conversation: what can be done for a person who waits or is in hand."""
    row = await handover.live(session, chat)
    person = await session.get(Chat, chat)
    if row is None or person is None:
        return ""
    t = translator(person.language)
    page = desk.part(
        "help_panel.html",
        row=row,
        canned=[(name, said_in(t, name)) for name in canned_replies()],
        language=t.language,
        outcomes=handover.OUTCOMES,
        limit=handover.MAX_CHARS,
    )
    return Markup(bytes(page.body).decode())  # noqa: S704 - a template of ours, which escapes


async def _waiting(desk: Desk, session: AsyncSession) -> int:
    waiting = select(func.count()).select_from(Handover).where(Handover.state == "waiting")
    return await session.scalar(waiting) or 0


SCREEN = Screen(
    "help_now",
    _("Bantu sekarang"),
    "/help-now",
    "help",
    "reviewer",
    (
        Page("/help-now", _show, "reviewer"),
        Page("/help-now/list", _list, "reviewer", background=True),
        Page("/help-now/events", _events, "reviewer", background=True),
        Page("/help-now/{number:int}/take", _take, "reviewer", ("POST",)),
        Page("/help-now/{number:int}/reply", _reply, "reviewer", ("POST",)),
        Page("/help-now/{number:int}/close", _close, "reviewer", ("POST",)),
    ),
    badge=_waiting,
    chat_panel=_panel,
)
