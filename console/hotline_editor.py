"""Pages: telephone numbers - the list, one entry with its preview and history, the form that saves a draft, the diff."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.desk import Desk, Page
from core import hotline_checks, hotline_drafts, hotline_files
from core.answer_checks import Finding
from core.countries import countries
from core.drafts import DraftChangedError
from core.hotlines import ANYWHERE, CHANNELS, HOME, HOTLINES, Hotline, Hotlines, read_hotlines
from core.languages import mark as _
from core.lists import HOTLINE_LIST
from core.replies import Source
from core.storage.quality import HotlineDraft
from core.topics import of_theme, topics

LIST = f"/content/lists/{HOTLINE_LIST}"
NEW = "new"
CHANNEL_TITLES: Mapping[str, str] = {"phone": _("Telepon"), "whatsapp": _("WhatsApp"), "sms": _("SMS")}
KIND_TITLES: Mapping[str, str] = {
    "complaint": _("Pengaduan"),
    "embassy": _("KBRI atau KJRI"),
    "women": _("Perempuan dan anak"),
    "police": _("Polisi"),
    "witness": _("Saksi dan korban"),
    "ngo": _("Lembaga masyarakat"),
    "labour": _("Ketenagakerjaan"),
    "foreigner_information": _("Informasi orang asing"),
    "ambulance": _("Ambulans"),
}
"""Titles of the kinds that the file uses; another is shown as it stands there."""
_EMPTY = Hotline("", "", HOME, "", (), CHANNELS[0], "", (), (), "", Source("", "", "", ""), "")
_LANGUAGE = "id"  # the preview shows what most people read


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the list as it is to be, and what a draft does to it: `new`, `changed`, `gone` or nothing."""

    line: Hotline
    draft: str


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version with what changed since the one before; lines begin with +, - or a space."""

    draft: HotlineDraft
    changes: tuple[str, ...]


def _entries(filed: Hotlines, changes: Mapping[str, Hotline | None]) -> list[Entry]:
    found: list[Entry] = []
    for line in filed:
        to_be = changes.get(line.id, line)
        draft = "" if line.id not in changes else "gone" if to_be is None else "changed"
        found.append(Entry(to_be or line, draft))
    found += [Entry(line, "new") for name, line in changes.items() if line is not None and name not in filed]
    return found


async def _list(desk: Desk) -> Response:
    words = desk.request.query_params.get("q", "").strip().lower()
    filed = read_hotlines(HOTLINES)
    async with desk.database.read() as session:
        changes = await hotline_drafts.pending(session, filed)
    entries = [entry for entry in _entries(filed, changes) if words in f"{entry.line}".lower()]
    return await desk.page(
        "hotlines.html", entries=entries, drafts=len(changes), q=words, today=date.today(), name=HOTLINE_LIST
    )


async def _diff(desk: Desk) -> Response:
    async with desk.database.begin() as session:
        changes = await hotline_drafts.pending(session, read_hotlines(HOTLINES))
        if not changes:
            raise HTTPException(404)
        for name in changes:
            desk.record(session, "export", "hotline", name)
    name = f"desmi-hotlines-{date.today().isoformat()}.diff"
    return Response(
        hotline_files.diff(changes),
        media_type="text/x-diff; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _changes(old: Hotline | None, new: Hotline | None) -> tuple[str, ...]:
    """What differs, as lines of a diff with one line around."""
    before, after = ("" if line is None else hotline_files.block(line) for line in (old, new))
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _history(filed: Hotline | None, rows: Sequence[HotlineDraft]) -> list[Version]:
    """The versions, newest first; each beside the one before, the first beside the file."""
    before = [*map(hotline_drafts.line_of, rows[1:]), filed][: len(rows)]
    return [
        Version(row, _changes(old, hotline_drafts.line_of(row)))
        for row, old in zip(rows, before, strict=True)
    ]


async def _rows(desk: Desk, name: str) -> list[HotlineDraft]:
    async with desk.database.read() as session:
        return list(await hotline_drafts.history(session, name))


async def _show(desk: Desk) -> Response:
    name, filed = desk.request.path_params["line"], read_hotlines(HOTLINES)
    if name == NEW:
        return await _page(desk, filed, _EMPTY, [], new=True)
    rows = await _rows(desk, name)
    line = filed.get(name) if name in filed else None
    draft = hotline_drafts.line_of(rows[0]) if rows and not rows[0].withdrawn else line
    # a line that is to go is shown as it was
    shown = draft or line or next(filter(None, map(hotline_drafts.line_of, rows)), None)
    if shown is None:
        raise HTTPException(404)
    return await _page(desk, filed, shown, rows, gone=draft is None)


async def _page(
    desk: Desk,
    known: Hotlines,
    line: Hotline,
    rows: list[HotlineDraft],
    *,
    new: bool = False,
    gone: bool = False,
    faults: Mapping[str, Finding] | None = None,
    conflict: bool = False,
) -> Response:
    today = date.today()
    filed = known.get(line.id) if line.id in known and not new else None
    found = faults if faults is not None else {}
    sound = not hotline_checks.faults(line, known, today, new=False)
    used = {topic for other in known for topic in other.topics}
    offered = dict.fromkeys([*(topic.id for topic in of_theme("help")), *sorted(used), *line.topics])
    return await desk.page(
        "hotline.html",
        status=409 if conflict else 422 if found and desk.value("do") != "preview" else 200,
        line=line, filed=filed, new=new, gone=gone, conflict=conflict,
        base=rows[0].id if rows else 0, differs=bool(rows) and not rows[0].withdrawn and (gone or line != filed),
        faults={field: finding.say(desk.t) for field, finding in found.items()},
        hints=[finding.say(desk.t) for finding in hotline_checks.hints(line, known, today)] if sound else [],
        shown=Hotlines({line.id: line}).show(line.id, today, _LANGUAGE) if sound else "",
        changed=_changes(filed, None if gone else line) if filed or sound else (),
        versions=_history(filed, rows),
        countries=[(ANYWHERE, desk.t.gettext(_("dari semua negara"))), (HOME, "Indonesia"),
                   *((country.id, country.name) for country in countries())],
        kinds={kind: KIND_TITLES.get(kind, kind) for kind in dict.fromkeys(other.kind for other in known)},
        channels=CHANNEL_TITLES,
        topics={name: topics()[name].title for name in offered if name in topics()},
    )  # fmt: skip


def _from_form(desk: Desk, name: str) -> Hotline:
    def split(field: str, by: str) -> tuple[str, ...]:
        parts = (part.strip() for part in desk.value(field).replace("\r", "").split(by))
        return tuple(dict.fromkeys(filter(None, parts)))

    given = [topic for topic in desk.form.getlist("topics") if isinstance(topic, str) and topic]
    plain = {
        field: desk.value(field) for field in ("name", "country", "kind", "channel", "hours", "seen", "note")
    }
    return Hotline(
        id=desk.value("id") if name == NEW else name,
        numbers=split("numbers", "\n"),
        languages=split("languages", ","),
        topics=tuple(dict.fromkeys(given)),
        source=Source(*(desk.value(field) for field in ("title", "publisher", "url", "date"))),
        **plain,
    )  # fmt: skip


async def _send(desk: Desk) -> Response:
    name, known = desk.request.path_params["line"], read_hotlines(HOTLINES)
    new, wanted = name == NEW, desk.value("do")
    rows = [] if new else await _rows(desk, name)
    if not new and name not in known and not rows:
        raise HTTPException(404)
    line = _from_form(desk, name)
    filed = known.get(name) if name in known else None
    to_be = {"remove": None, "withdraw": filed}.get(wanted, line)
    faults = await _faults(desk, known, name, line, wanted)
    if wanted == "preview" or faults:
        return await _page(desk, known, line, rows, new=new, faults=faults)
    base = int(desk.value("base")) if desk.value("base").isdecimal() else -1
    try:
        async with desk.database.begin() as session:
            await hotline_drafts.save(
                session, line.id, to_be, desk.member.name, base=base, withdrawn=wanted == "withdraw"
            )
            verb = {"remove": "remove", "withdraw": "withdraw"}.get(wanted, "draft")
            desk.record(session, verb, "hotline", line.id)
    except DraftChangedError:
        return await _page(desk, known, line, await _rows(desk, line.id), new=new, conflict=True)
    # a new line whose draft was taken back has no page any more
    return desk.redirect(LIST if to_be is None and filed is None else f"{LIST}/{line.id}")


async def _faults(
    desk: Desk, known: Hotlines, name: str, line: Hotline, wanted: str
) -> Mapping[str, Finding]:
    """What forbids the wish, with the other drafts taken as they are."""
    if wanted == "withdraw":
        return {}
    if wanted != "remove":
        faults = hotline_checks.faults(line, known, date.today(), new=name == NEW)
        if faults:
            return faults
    async with desk.database.read() as session:
        others = await hotline_drafts.pending(session, known)
    return hotline_checks.whole_faults({**others, line.id: None if wanted == "remove" else line})


PAGES = (
    Page(LIST, _list, "editor"),
    Page(f"{LIST}.diff", _diff, "editor", ("POST",)),
    # the import of a whole file is a page of the lists
    Page(f"{LIST}/{{line}}", _show, "editor"),
    Page(f"{LIST}/{{line}}", _send, "editor", ("POST",)),
)
