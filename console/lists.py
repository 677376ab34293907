"""Pages: the lists of centres, offices and companies - search, change, map - and the import of a file with a report."""

import hashlib
import re
import time
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup
from sqlalchemy import select
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console import charts
from console.desk import Desk, Page
from core import lists
from core.answers import AnswerError
from core.help_cards import HelpCardError
from core.hotlines import HotlineError
from core.languages import mark as _
from core.lists import HOTLINE_LIST, TABLES, Row, RowChangedError
from core.report_doors import DoorError
from core.rows import ImportErrors
from core.storage.models import Area

TITLES: Mapping[str, str] = {
    "centres": _("Pusat Desmigratif"),
    "offices": _("Kantor"),
    "agencies": _("Perusahaan (P3MI)"),
    HOTLINE_LIST: _("Nomor telepon"),
}
SHOWN = 60
"""Rows on one page."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "centres": ("village", "district", "regency", "province", "year", "source_date"),
    "offices": ("kind", "name", "regency", "province", "phone", "source_date"),
    "agencies": ("name", "licence", "status", "city", "as_of"),
}
_KEPT_S = 24 * 3600
"""How long a file waits between its report and its taking over, in seconds."""
_TOKEN = re.compile(r"[0-9a-f]{64}")
_LONG = frozenset({"note", "address", "source_title"})


def _name(desk: Desk, *, hotlines: bool = True) -> str:
    name: str = desk.request.path_params["table"]
    if name not in TITLES or (name == HOTLINE_LIST and not hotlines):
        raise HTTPException(404)
    return name


async def _show(desk: Desk) -> Response:
    name = _name(desk, hotlines=False)
    words = desk.request.query_params.get("q", "").strip().lower()
    asked = desk.request.query_params.get("page", "1")
    page = int(asked) if asked.isdecimal() and 0 < int(asked) < 10_000 else 1
    async with desk.database.read() as session:
        numbered = list(enumerate(await lists.rows(session, name)))
    found = [(place, row) for place, row in numbered if words in " ".join(row.values()).lower()]
    start = (page - 1) * SHOWN
    return await desk.page(
        "list.html",
        name=name, titles=TITLES, columns=COLUMNS[name], found=found[start : start + SHOWN], count=len(found),
        page=page, more=len(found) > start + SHOWN, q=words, report=None,
        picture=await _map(desk, [row for _place, row in found]) if name == "centres" else "",
    )  # fmt: skip


async def _map(desk: Desk, rows: list[Row]) -> Markup:
    async with desk.database.read() as session:
        ground = (await session.execute(select(Area.lat, Area.lon).where(Area.level == "regency"))).all()
    points = [(float(row["lat"]), float(row["lon"])) for row in rows]
    title = desk.t.gettext(_("Peta pusat Desmigratif"))
    return charts.pins("centres", title, [(lat, lon) for lat, lon in ground], points)


async def _csv(desk: Desk) -> Response:
    name = _name(desk, hotlines=False)
    async with desk.database.read() as session:
        text = lists.to_text(name, await lists.rows(session, name))
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


# import: a file is checked and waits under its hash until it is taken over


def _waiting(desk: Desk, name: str, token: str) -> Path:
    kind = "yml" if name == HOTLINE_LIST else "csv"
    return desk.settings.data_dir / "imports" / token[:64] / f"{name}.{kind}"


def _keep(desk: Desk, name: str, content: bytes) -> str:
    token = hashlib.sha256(content).hexdigest()
    path = _waiting(desk, name, token)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    for old in path.parent.parent.glob("*/*"):
        if old.stat().st_mtime < time.time() - _KEPT_S:
            old.unlink()
            old.parent.rmdir()
    return token


async def _import(desk: Desk) -> Response:
    name = _name(desk)
    token = desk.value("token")
    if desk.value("do") == "take" and _TOKEN.fullmatch(token) and _waiting(desk, name, token).is_file():
        path = _waiting(desk, name, token)
        try:
            count = await lists.take(desk.database, name, path)
        except (ImportErrors, HotlineError, HelpCardError, DoorError, AnswerError):
            return await _report(desk, name, token)
        async with desk.database.begin() as session:
            desk.record(session, "import", "list", name, rows=count, sha256=token)
        path.unlink()
        return desk.redirect(f"/content/lists/{name}")
    sent, content = desk.form.get("file"), b""
    if isinstance(sent, UploadFile):
        content = await sent.read()
    return await _report(desk, name, _keep(desk, name, content))


async def _report(desk: Desk, name: str, token: str) -> Response:
    report = await lists.check(desk.database, name, _waiting(desk, name, token))
    return await desk.page(
        "import.html",
        status=422 if report.faults else 200,
        name=name,
        titles=TITLES,
        report=report,
        token=token,
    )


# one row


def _digest(row: Row) -> str:
    return hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()


async def _row(desk: Desk, name: str) -> tuple[int, Row | None]:
    """The place and the row that the address names; a new row has none."""
    asked = desk.request.path_params["place"]
    if asked == "new":
        return -1, None
    async with desk.database.read() as session:
        found = await lists.rows(session, name)
    if not asked.isdecimal() or int(asked) >= len(found):
        raise HTTPException(404)
    return int(asked), found[int(asked)]


async def _edit(desk: Desk) -> Response:
    name = _name(desk, hotlines=False)
    _place, row = await _row(desk, name)
    return await _form(desk, name, row, row or dict.fromkeys(TABLES[name].columns, ""))


async def _form(
    desk: Desk, name: str, old: Row | None, row: Row, faults: tuple[str, ...] = (), conflict: bool = False
) -> Response:
    return await desk.page(
        "list_row.html",
        status=409 if conflict else 422 if faults else 200,
        name=name, titles=TITLES, row=row, new=old is None, digest=_digest(old) if old else "", faults=faults,
        columns=[column for column in TABLES[name].columns if column != "precision"], long=_LONG, conflict=conflict,
    )  # fmt: skip


async def _change(desk: Desk) -> Response:
    name = _name(desk, hotlines=False)
    place, old = await _row(desk, name)
    new = {column: desk.value(column) for column in TABLES[name].columns}
    if old is not None and desk.value("digest") != _digest(old):
        return await _form(desk, name, old, new, conflict=True)
    deleted = desk.value("do") == "delete"
    try:
        await lists.change(desk.database, name, place, old, None if deleted else new)
    except RowChangedError:
        return await _form(desk, name, old, new, conflict=True)
    except ImportErrors as error:
        faults = tuple(re.sub(r"^\S+, line \d+: ", "", fault) for fault in error.errors)
        return await _form(desk, name, old, new, faults)
    async with desk.database.begin() as session:
        named = ", ".join((new if not deleted or old is None else old)[column] for column in TABLES[name].key)
        desk.record(session, "change", "list", name, row=named, deleted=deleted)
    return desk.redirect(f"/content/lists/{name}")


IMPORT = Page("/content/lists/{table}/import", _import, "editor", ("POST",))
"""Of all lists, hotlines too."""
PAGES = (
    # a name with .csv would also be a name
    Page("/content/lists/{table}.csv", _csv, "editor"),
    Page("/content/lists/{table}", _show, "editor"),
    Page("/content/lists/{table}/{place}", _edit, "editor"),
    Page("/content/lists/{table}/{place}", _change, "editor", ("POST",)),
)
