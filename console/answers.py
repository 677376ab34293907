"""Screen: all answers - what is due for review, what was asked, what was not understood - and their drafts as a diff."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console import answer_editor, hotline_editor, lists
from console.desk import Desk, Page, Screen
from core import answer_files, drafts
from core.answers import Answer, read_answers
from core.languages import mark as _
from core.statistics.kept import kept
from core.statistics.suppression import Cell
from core.statistics.tables import Line
from core.topics import THEME_TITLES, topics

SOON_DAYS = 30
DAYS = 90
"""Days of questions that the list counts."""
FILTERS = {
    "": _("Semua"),
    "due": _("Perlu ditinjau"),
    "missed": _("Sering tidak dipahami"),
    "unhelpful": _("Kurang membantu"),
    "drafts": _("Ada draf"),
}
_NONE = Cell(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer in the list; `missed` counts messages that were not understood and most like this topic."""

    answer: Answer
    title: str
    draft: bool
    line: Line | None
    missed: Cell
    today: date

    @property
    def due(self) -> str:
        """`over`, `soon` or empty."""
        review = date.fromisoformat(self.answer.review_by)
        return (
            "over" if review < self.today else "soon" if review <= self.today + timedelta(SOON_DAYS) else ""
        )

    def cell(self, column: str) -> Cell:
        """A number of the statistics by topic."""
        return self.line.cells[column] if self.line else _NONE

    def fits(self, show: str) -> bool:
        """Whether a filter of `FILTERS` shows it."""
        match show:
            case "due":
                return bool(self.due)
            case "missed":
                return self.missed != _NONE
            case "unhelpful":
                return self.cell("unhelpful") != _NONE
            case "drafts":
                return self.draft
        return True


async def _entries(desk: Desk) -> list[Entry]:
    answers = read_answers()
    async with desk.database.read() as session:
        open_drafts = await drafts.pending(session, answers)
    counted = await kept(desk.database, DAYS, "topic", "nearly")
    lines = {line.key: line for line in counted["topic"].lines}
    missed = {line.key: line.cells["missed"] for line in counted["nearly"].lines}
    return [
        Entry(
            answer,
            desk.t.gettext(topics()[topic].title),
            topic in open_drafts,
            lines.get(topic),
            missed.get(topic, _NONE),
            date.today(),
        )
        for topic, answer in answers.items()
    ]


def _order(show: str, entry: Entry) -> tuple[int, str]:
    match show:
        case "missed":
            return -(entry.missed.value or 0), entry.title
        case "unhelpful":
            return -(entry.cell("unhelpful").value or 0), entry.title
    return 0, entry.answer.review_by


async def _list(desk: Desk) -> Response:
    query = desk.request.query_params
    show, words, theme = query.get("show", ""), query.get("q", "").strip(), query.get("theme", "")
    entries = await _entries(desk)
    counts = {name: sum(entry.fits(name) for entry in entries) for name in FILTERS}
    found = [
        entry
        for entry in entries
        if entry.fits(show)
        and (not theme or topics()[entry.answer.topic].theme == theme)
        and words.lower() in f"{entry.title} {entry.answer.topic} {entry.answer.text}".lower()
    ]
    return await desk.page(
        "answers.html",
        entries=sorted(found, key=lambda entry: _order(show, entry)),
        counts=counts, filters=FILTERS, themes=THEME_TITLES, show=show, q=words, theme=theme, days=DAYS,
        cell=lambda c: c.hidden if c.value is None else desk.t.number(c.value),
    )  # fmt: skip


async def _diff(desk: Desk) -> Response:
    async with desk.database.begin() as session:
        pending = await drafts.pending(session, read_answers())
        if not pending:
            raise HTTPException(404)
        for topic in pending:
            desk.record(session, "export", "answer", topic)
    text = answer_files.diff(pending.values())
    name = f"desmi-answers-{date.today().isoformat()}.diff"
    return Response(
        text,
        media_type="text/x-diff; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


SCREEN = Screen(
    "content",
    _("Isi"),
    "/content",
    "content",
    "editor",
    (
        Page("/content", _list, "editor"),
        Page("/content/answers.diff", _diff, "editor", ("POST",)),
        *answer_editor.PAGES,
        lists.IMPORT,
        *hotline_editor.PAGES,
        *lists.PAGES,
    ),
)
