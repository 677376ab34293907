"""Screen: how long conversations are kept, what is deleted next, and one conversation's export and erasure."""

import json
from datetime import timedelta

from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.desk import Desk, Page, Screen
from core.languages import mark as _
from core.retention import cutoff, erase, export, next_night
from core.storage.models import Chat, Message
from core.storage.review import Erasure, Purge
from core.storage.types import now

REPORTS = 30
SOON_DAYS = 7
LATE = timedelta(minutes=5)
"""After this the bot should long have done it."""


async def _show(desk: Desk) -> Response:
    moment = now()
    before = cutoff(desk.settings, moment)
    async with desk.database.read() as session:
        oldest = await session.scalar(select(func.min(Message.at)))
        waiting = (await session.scalars(select(Erasure).order_by(Erasure.at).limit(REPORTS))).all()
        reports = (await session.scalars(select(Purge).order_by(Purge.at.desc()).limit(REPORTS))).all()
        due = {}
        if before is not None:
            night = next_night(moment)
            for name, until in (("tonight", night), ("soon", moment + timedelta(days=SOON_DAYS))):
                edge = cutoff(desk.settings, until)
                due[name] = await session.scalar(
                    select(func.count()).select_from(Message).where(Message.at < edge)
                )
    return await desk.page(
        "retention.html",
        days=desk.settings.retention_days,
        oldest=oldest,
        left=None if oldest is None or before is None else max(0, (oldest - before).days),
        night=next_night(moment),
        due=due,
        soon=SOON_DAYS,
        reports=reports,
        waiting=waiting,
        late=moment - LATE,
    )


async def _export(desk: Desk) -> Response:
    chat = desk.request.path_params["chat"]
    found = await export(desk.database, chat)
    if not found[Chat.__tablename__]:
        raise HTTPException(404)
    async with desk.database.begin() as session:
        desk.record(session, "export", "chat", chat)
    return Response(
        json.dumps(found, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="desmi-{chat[:8]}.json"'},
    )


async def _erase(desk: Desk) -> Response:
    chat = desk.request.path_params["chat"]
    if desk.value("sure") != "yes":
        return desk.redirect(f"/chats/{chat}")
    async with desk.database.begin() as session:
        if await session.get(Chat, chat) is None or await session.get(Erasure, chat) is not None:
            raise HTTPException(404)
        desk.record(session, "erase", "chat", chat)
    await erase(desk.database, desk.settings, chat, desk.member.name)
    return desk.redirect("/retention")


SCREEN = Screen(
    "retention",
    _("Penyimpanan"),
    "/retention",
    "retention",
    "reviewer",
    (
        Page("/retention", _show, "reviewer"),
        Page("/chats/{chat}/export", _export, "admin", ("POST",)),
        Page("/chats/{chat}/erase", _erase, "admin", ("POST",)),
    ),
)
