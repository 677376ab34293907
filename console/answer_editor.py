"""Pages: one answer - its preview as Telegram shows it, hints, history - and the form that saves a draft."""

import difflib
from dataclasses import dataclass, replace
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.desk import Desk, Page
from core import answer_checks, drafts
from core.answer_checks import Finding
from core.answers import MAX_CHARS, Answer, read_answers
from core.citations import SOURCE_LINE, ages, citations
from core.drafts import DraftChangedError
from core.hotlines import hotlines
from core.languages import translator
from core.replies import Source
from core.storage.quality import AnswerDraft
from core.topics import CONVERSATIONAL, topics

SPARE = 2
"""Empty rows for further sources."""
RELATED = 3
_LANGUAGE = "id"  # answers are written in Indonesian


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version with what changed since the one before; lines begin with +, - or a space."""

    draft: AnswerDraft
    changes: tuple[str, ...]


def _lines(answer: Answer) -> list[str]:
    """All that an editor can change, a line each."""
    sources = [f"{s.title} | {s.publisher} | {s.url} | {s.date}" for s in answer.sources]
    dates = [
        f"checked {answer.checked}",
        f"review_by {answer.review_by}",
        f"related {', '.join(answer.related)}",
    ]
    return [*answer.text.split("\n"), *sources, *dates]


def changes(old: Answer, new: Answer) -> tuple[str, ...]:
    """What differs, as lines of a diff with one line around."""
    diff = difflib.unified_diff(_lines(old), _lines(new), n=1, lineterm="")
    return tuple(line for line in diff if not line.startswith(("---", "+++", "@@")))


def _topic(desk: Desk) -> Answer:
    answers = read_answers()
    topic = f"{desk.request.path_params['theme']}/{desk.request.path_params['name']}"
    if topic not in answers:
        raise HTTPException(404)
    return answers[topic]


def _history(filed: Answer, rows: list[AnswerDraft]) -> list[Version]:
    """The versions, newest first; each beside the one before, the first beside the file."""
    before = [*map(drafts.answer_of, rows[1:]), filed][: len(rows)]
    return [Version(row, changes(old, drafts.answer_of(row))) for row, old in zip(rows, before, strict=True)]


async def _show(desk: Desk) -> Response:
    filed = _topic(desk)
    async with desk.database.read() as session:
        rows = list(await drafts.history(session, filed.topic))
    draft = drafts.answer_of(rows[0]) if rows and not rows[0].withdrawn else filed
    return await _page(desk, filed, draft, rows)


async def _page(
    desk: Desk,
    filed: Answer,
    draft: Answer,
    rows: list[AnswerDraft],
    status: int = 200,
    conflict: bool = False,
) -> Response:
    spoken = translator(_LANGUAGE)
    faults = answer_checks.faults(draft, date.today())
    reply = draft.reply()
    dated = not list(answer_checks.faults_of_dates(draft, date.today()))
    return await desk.page(
        "answer.html",
        status=status,
        filed=filed, draft=draft, title=topics()[filed.topic].title, most=MAX_CHARS, conflict=conflict,
        base=rows[0].id if rows else 0, differs=draft != filed, versions=_history(filed, rows),
        faults=_said(desk, faults), hints=_said(desk, answer_checks.hints(draft)),
        changed=changes(filed, draft), rows=[*draft.sources, *[Source("", "", "", "")] * SPARE],
        shown=_filled(draft.text), cited=citations(spoken, reply),
        source_line=spoken.gettext(SOURCE_LINE).format(sources=""),
        ages=ages(spoken, reply, date.today()) if dated else (),
        buttons=[topics()[name].title for name in draft.related if name in topics()][:RELATED],
        choices=[t for t in topics().values() if t.id != filed.topic and t.id not in CONVERSATIONAL],
        related=[*draft.related, *[""] * RELATED][: max(RELATED, len(draft.related))],
    )  # fmt: skip


def _filled(text: str) -> str:
    """The text with its numbers; as it is where it names one that does not exist."""
    try:
        return hotlines().fill(text, date.today(), _LANGUAGE)
    except KeyError:
        return text


def _said(desk: Desk, findings: list[Finding]) -> list[str]:
    return [finding.say(desk.t) for finding in findings]


def _from_form(desk: Desk, before: Answer) -> Answer:
    """The answer that the form holds; empty sources are left out, and what has no field stays as before."""
    text = "\n".join(line.rstrip() for line in desk.value("text").replace("\r\n", "\n").split("\n"))
    sources: list[Source] = []
    number = 0
    while f"title_{number}" in desk.form:
        fields = [desk.value(f"{name}_{number}") for name in ("title", "publisher", "url", "date")]
        if any(fields):
            sources.append(Source(*fields))
        number += 1
    given = [name for name in desk.form.getlist("related") if isinstance(name, str) and name]
    return replace(
        before,
        text=text,
        sources=tuple(sources),
        checked=desk.value("checked"),
        review_by=desk.value("review_by"),
        related=tuple(dict.fromkeys(given)),
    )


async def _send(desk: Desk) -> Response:
    filed = _topic(desk)
    given = _from_form(desk, filed)
    wanted = desk.value("do")
    base = int(desk.value("base")) if desk.value("base").isdecimal() else -1
    if wanted == "withdraw":
        given = filed
    conflict = False
    if wanted == "withdraw" or (wanted == "save" and not answer_checks.faults(given, date.today())):
        try:
            async with desk.database.begin() as session:
                await drafts.save(session, given, desk.member.name, base=base, withdrawn=wanted == "withdraw")
                desk.record(session, "withdraw" if wanted == "withdraw" else "draft", "answer", filed.topic)
            return desk.redirect(f"/content/answers/{filed.topic}")
        except DraftChangedError:
            conflict = True
    async with desk.database.read() as session:
        rows = list(await drafts.history(session, filed.topic))
    status = 409 if conflict else 422 if wanted == "save" else 200
    return await _page(desk, filed, given, rows, status, conflict)


PAGES = (
    Page("/content/answers/{theme}/{name}", _show, "editor"),
    Page("/content/answers/{theme}/{name}", _send, "editor", ("POST",)),
)
