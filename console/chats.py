"""Screen: one conversation, with status, assignee, tags and notes."""

import re

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.bubbles import bubbles
from console.desk import Desk, Page
from console.in_use import in_use
from console.inbox import REASON_TITLES
from console.inbox_rows import area_names
from console.signing_in import local_path
from core.languages import LANGUAGES
from core.retention import cutoff
from core.storage.models import Chat
from core.storage.review import Erasure, Thread, ThreadNote, ThreadTag
from core.storage.staff import Staff
from core.storage.types import now
from core.threads import REASONS, thread_of
from core.topics import topics

TAG_CHARS = 30
TAGS_EACH = 12
TAGS_SHOWN = 50
"""Tags offered, of those in use."""
NOTE_CHARS = 2000

_TAG = re.compile(r"[\w-]+(?: [\w-]+)*")


async def _show(desk: Desk) -> Response:
    chat = desk.request.path_params["chat"]
    async with desk.database.begin() as session:
        thread, row = await _existing(session, chat)
        desk.record(session, "view", "chat", chat)
    async with desk.database.read() as session:
        page = await bubbles(session, desk.t, chat, desk.request.query_params.get("before", ""))
        tags = (
            await session.scalars(
                select(ThreadTag.tag).where(ThreadTag.thread == thread.id).order_by(ThreadTag.tag)
            )
        ).all()
        notes = (
            await session.scalars(
                select(ThreadNote).where(ThreadNote.thread == thread.id).order_by(ThreadNote.id.desc())
            )
        ).all()
        members = (await session.scalars(select(Staff).where(Staff.active).order_by(Staff.name))).all()
        known = (await session.scalars(in_use(ThreadTag.tag).limit(TAGS_SHOWN))).all()
        regency = await area_names(session, {thread.regency} if thread.regency else set())
        screens = [screen for screen in desk.site.screens if desk.member.may(screen.role)]
        panels = [await screen.chat_panel(desk, session, chat) for screen in screens if screen.chat_panel]
        tools: dict[int, list[object]] = {}
        for screen in screens:
            if screen.message_tools:
                messages = [bubble.message for bubble in page.rows]
                for number, markup in (await screen.message_tools(desk, session, messages)).items():
                    tools.setdefault(number, []).append(markup)
    return await desk.page(
        "chat.html",
        chat=row,
        thread=thread,
        slice=page,
        tags=tags,
        known_tags=known,
        notes=notes,
        members=members,
        regency=regency.get(thread.regency or "", ""),
        reasons=[
            (name, title) for name, title in REASON_TITLES.items() if thread.urgency & REASONS.get(name, 0)
        ],
        topics=topics(),
        languages_by_code={language.code: language.name for language in LANGUAGES.values()},
        panels=panels,
        tools=tools,
        gone_in=_gone_in(desk, thread),
        back=local_path(desk.request.query_params.get("back", "/inbox")),
    )


async def _existing(session: AsyncSession, chat: str) -> tuple[Thread, Chat]:
    row = await session.get(Chat, chat)
    if row is None or await session.get(Erasure, chat) is not None:
        raise HTTPException(404)
    return await thread_of(session, chat), row


def _gone_in(desk: Desk, thread: Thread) -> int | None:
    """Days until retention deletes the conversation if nothing more is said."""
    before = cutoff(desk.settings, now())
    return None if before is None else max(0, (thread.last_at - before).days)


async def _set_done(desk: Desk) -> Response:
    chat = desk.request.path_params["chat"]
    done = desk.value("done") != "no"
    async with desk.database.begin() as session:
        thread, _row = await _existing(session, chat)
        if thread.done != done:
            thread.done, thread.done_at = done, now() if done else None
            desk.record(session, "done" if done else "reopen", "chat", chat)
    return _back(desk, chat)


async def _assign(desk: Desk) -> Response:
    chat, name = desk.request.path_params["chat"], desk.value("staff")
    async with desk.database.begin() as session:
        thread, _row = await _existing(session, chat)
        staff = (await session.scalars(select(Staff).where(Staff.name == name, Staff.active))).one_or_none()
        if name and staff is None:
            raise HTTPException(404)
        thread.assignee = staff.id if staff else None
        desk.record(session, "assign", "chat", chat, to=name)
    return _back(desk, chat)


async def _tag(desk: Desk) -> Response:
    chat = desk.request.path_params["chat"]
    tag = " ".join(desk.value("tag").lower().split())[:TAG_CHARS]
    async with desk.database.begin() as session:
        thread, _row = await _existing(session, chat)
        if desk.value("remove"):
            await session.execute(
                delete(ThreadTag).where(ThreadTag.thread == thread.id, ThreadTag.tag == tag)
            )
            desk.record(session, "untag", "chat", chat, tag=tag)
        elif _TAG.fullmatch(tag) and await session.get(ThreadTag, (thread.id, tag)) is None:
            number = await session.scalar(select(func.count()).where(ThreadTag.thread == thread.id)) or 0
            if number < TAGS_EACH:
                session.add(ThreadTag(thread=thread.id, tag=tag))
                desk.record(session, "tag", "chat", chat, tag=tag)
    return _back(desk, chat)


async def _note(desk: Desk) -> Response:
    chat, text = desk.request.path_params["chat"], desk.value("text")[:NOTE_CHARS]
    async with desk.database.begin() as session:
        thread, _row = await _existing(session, chat)
        if text:
            session.add(ThreadNote(thread=thread.id, staff=desk.member.name, text=text))
            desk.record(session, "note", "chat", chat)
    return _back(desk, chat)


def _back(desk: Desk, chat: str) -> Response:
    return desk.redirect(local_path(desk.value("next") or f"/chats/{chat}"))


PAGES = (
    Page("/chats/{chat}", _show, "reviewer"),
    Page("/chats/{chat}/done", _set_done, "reviewer", ("POST",)),
    Page("/chats/{chat}/assign", _assign, "reviewer", ("POST",)),
    Page("/chats/{chat}/tags", _tag, "reviewer", ("POST",)),
    Page("/chats/{chat}/notes", _note, "reviewer", ("POST",)),
)
