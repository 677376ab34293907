"""Screen: the inbox, unhandled first and worst first."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

from markupsafe import Markup
from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console import filters, inbox_rows
from console.desk import Desk, Page, Screen
from console.filters import Filter
from console.in_use import in_use
from console.signing_in import local_path
from core.languages import LANGUAGES
from core.languages import mark as _
from core.storage.models import Area
from core.storage.review import SavedFilter, Thread
from core.storage.staff import Staff
from core.storage.types import now
from core.threads import REASONS
from core.topics import EMERGENCIES, THEME_TITLES, topics

REASON_TITLES = {
    "danger": _("Bahaya"),
    "waiting": _("Menunggu petugas"),
    "thumbs_down": _("Tidak membantu"),
    "missed": _("Tidak dimengerti"),
    "unsure": _("Kurang yakin"),
    "repeated": _("Bertanya lagi"),
    "none": _("Tanpa masalah"),
}
STATUS_TITLES = {
    "open": _("Belum selesai"),
    "new": _("Baru"),
    "working": _("Dikerjakan"),
    "done": _("Selesai"),
    "all": _("Semua"),
}
SAVED_EACH = 30
"""Filters that one member may keep."""


async def _show(desk: Desk) -> Response:
    wanted = Filter.read(desk.request.query_params, desk.settings.zone)
    after = desk.request.query_params.get("after", "")
    moment = now()
    async with desk.database.read() as session:
        page = await inbox_rows.rows(session, wanted, desk.keys, after)
        counts = await inbox_rows.counts(session)
        members = (await session.scalars(select(Staff.name).where(Staff.active).order_by(Staff.name))).all()
        used = Area.code.in_(in_use(Thread.regency))
        regencies = (
            await session.execute(select(Area.code, Area.name).where(used).order_by(Area.name))
        ).all()
        saved = (
            await session.scalars(
                select(SavedFilter)
                .where(or_(SavedFilter.staff == desk.member.id, SavedFilter.shared.is_(True)))
                .order_by(SavedFilter.name)
            )
        ).all()
    return await desk.page(
        "inbox.html",
        wanted=wanted,
        slice=page,
        counts=counts,
        after=after,
        saved=saved,
        opened=moment.timestamp(),
        choices={
            "members": members,
            "regencies": regencies,
            "languages": [(language.code, language.name) for language in LANGUAGES.values()],
            "themes": [
                (theme, title, [t for t in topics().values() if t.theme == theme])
                for theme, title in THEME_TITLES.items()
            ],
            "dangers": sorted(EMERGENCIES),
            "below": filters.BELOW,
        },
        reasons=REASON_TITLES,
        statuses=STATUS_TITLES,
        topics=topics(),
        today=datetime.now(desk.settings.zone).date(),
    )


async def _newer(desk: Desk) -> Response:
    query = desk.request.query_params
    try:
        since = datetime.fromtimestamp(float(query.get("opened", "")), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise HTTPException(404) from error
    wanted = Filter.read(query, desk.settings.zone)
    async with desk.database.read() as session:
        number = await inbox_rows.newer(session, wanted, desk.keys, since)
    return desk.part("inbox_new.html", number=number, most=inbox_rows.NEW_SHOWN, query=wanted.query())


async def _save(desk: Desk) -> Response:
    wanted = Filter.read(dict(parse_qsl(desk.value("query"))), desk.settings.zone)
    name = " ".join(desk.value("name").split())[:60]
    async with desk.database.begin() as session:
        kept = await session.scalar(select(func.count()).where(SavedFilter.staff == desk.member.id)) or 0
        if name and kept < SAVED_EACH:
            session.add(
                SavedFilter(
                    staff=desk.member.id, name=name, query=wanted.query(), shared=bool(desk.value("shared"))
                )
            )
            desk.record(session, "save_filter", "filter", name)
    return desk.redirect(_address(wanted))


async def _forget_filter(desk: Desk) -> Response:
    number = desk.request.path_params["number"]
    async with desk.database.begin() as session:
        row = await session.get(SavedFilter, number)
        if row is None or (row.staff != desk.member.id and not desk.member.may("admin")):
            raise HTTPException(404)
        await session.execute(delete(SavedFilter).where(SavedFilter.id == number))
        desk.record(session, "delete_filter", "filter", row.name)
    return desk.redirect(local_path(desk.value("next") or "/inbox"))


async def _waiting(desk: Desk, session: AsyncSession) -> int:
    """What the menu's badge counts: people in danger or waiting."""
    waiting = select(func.count()).where(Thread.done.is_(False), Thread.urgency >= REASONS["waiting"])
    return await session.scalar(waiting) or 0


async def danger_banner(desk: Desk, session: AsyncSession) -> Markup | str:
    """What stands above every page while somebody is in danger and nobody has taken the conversation."""
    number = await session.scalar(
        select(func.count()).where(
            Thread.done.is_(False), Thread.urgency >= REASONS["danger"], Thread.assignee.is_(None)
        )
    )
    return desk.markup("danger_banner.html", number=number) if number else ""


def _address(wanted: Filter) -> str:
    query = wanted.query()
    return f"/inbox?{query}" if query else "/inbox"


SCREEN = Screen(
    "inbox",
    _("Kotak masuk"),
    "/inbox",
    "inbox",
    "reviewer",
    (
        Page("/inbox", _show, "reviewer"),
        Page("/inbox/new", _newer, "reviewer", background=True),
        Page("/inbox/filters", _save, "reviewer", ("POST",)),
        Page("/inbox/filters/{number:int}/delete", _forget_filter, "reviewer", ("POST",)),
    ),
    badge=_waiting,
    banner=danger_banner,
)
