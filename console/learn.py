"""Screen: the training queue, candidates beside the model in use, and the way back."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from console import correct, training
from console.desk import Desk, Page, Screen
from core.consent import consented
from core.languages import LANGUAGES
from core.languages import mark as _
from core.learning import candidates, corrections, overlay
from core.learning.corrections import CorrectionError
from core.learning.export import target
from core.learning.scores import Comparison, Move
from core.storage.learning import Candidate, Correction
from core.storage.models import Message
from core.topics import THEME_TITLES, topics

MOVES = 100
"""Messages shown that are answered otherwise."""


async def _show(desk: Desk) -> Response:
    return await _page(desk)


async def _page(desk: Desk, fault: str = "", status: int = 200) -> Response:
    async with desk.database.read() as session:
        waiting = await corrections.listed(session, "waiting")
        queued = await corrections.listed(session, "queued")
        refused = await corrections.listed(session, "refused")
        candidate = await candidates.open_one(session)
        accepted = await candidates.accepted(session)
        latest = (
            await session.scalars(select(Candidate).order_by(Candidate.id.desc()).limit(1))
        ).one_or_none()
        comparison, moves = None, []
        if candidate is not None and candidate.state == "ready":
            comparison = Comparison.from_dict(candidate.report)
            moves = await _with_texts(session, comparison.moves[:MOVES])
    files: dict[str, list[Correction]] = defaultdict(list)
    for row in queued:
        files[target(row)].append(row)
    diff = desk.settings.data_dir / overlay.FOLDER / overlay.DIFF
    return await desk.page(
        "learn.html",
        status=status,
        fault=fault,
        waiting=waiting,
        files=sorted(files.items()),
        refused=refused,
        running=candidate if candidate is not None and candidate.state == "running" else None,
        failed=training.fault_text(latest.error) if latest is not None and latest.state == "failed" else "",
        candidate=candidate,
        comparison=comparison,
        moves=moves,
        models=accepted,
        served=candidates.served(desk.settings.data_dir),
        has_diff=diff.exists() and diff.stat().st_size > 0,
        topics=topics(),
        themes=THEME_TITLES,
        languages_by_code={language.code: language.name for language in LANGUAGES.values()},
    )


async def _with_texts(session: AsyncSession, moves: Sequence[Move]) -> list[tuple[str, Move]]:
    """What people wrote that is answered otherwise, as far as their consent stands."""
    numbers = [move.id for move in moves if move.source == "message"]
    texts = {
        ("message", row.id): row.text
        for row in await session.scalars(consented().where(Message.id.in_(numbers)))
    }
    texts |= {
        ("correction", row.id): row.text for row in await corrections.listed(session, *corrections.TAUGHT)
    }
    return [(texts[move.source, move.id], move) for move in moves if (move.source, move.id) in texts]


async def _progress(desk: Desk) -> Response:
    async with desk.database.begin() as session:
        await candidates.fail_silent(session)
    async with desk.database.read() as session:
        candidate = await candidates.open_one(session)
    if candidate is None or candidate.state != "running":
        return Response(status_code=204, headers={"HX-Redirect": "/learn"})
    return desk.part("learn_progress.html", running=candidate)


def _number(desk: Desk) -> int:
    value = desk.value("number")
    if not value.isdecimal() or len(value) > 15:
        raise HTTPException(404)
    return int(value)


async def _confirm(desk: Desk) -> Response:
    number = _number(desk)
    try:
        async with desk.database.begin() as session:
            row = await corrections.confirm(session, number, desk.member.name)
            desk.record(session, "confirm", "correction", str(number), topic=row.topic, state=row.state)
    except CorrectionError as error:
        return await _page(desk, correct.FAULTS[error.reason], 422)
    return desk.redirect("/learn")


async def _discard(desk: Desk) -> Response:
    number = _number(desk)
    async with desk.database.begin() as session:
        row = await session.get(Correction, number)
        if row is not None and row.state in corrections.UNDECIDED:
            await corrections.discard(session, number)
            desk.record(session, "discard", "correction", str(number), topic=row.topic)
    return desk.redirect("/learn")


async def _try(desk: Desk) -> Response:
    async with desk.database.begin() as session:
        candidate = await candidates.begin(session, desk.member.name)
        if candidate is not None:
            desk.record(session, "try", "candidate", str(candidate.id))
    if candidate is None:
        return await _page(desk, training.FAULTS["running"], 409)
    await training.start(desk.settings, desk.database, candidate.id)
    return desk.redirect("/learn")


async def _accept(desk: Desk) -> Response:
    return await _change_model(desk, "accept")


async def _back(desk: Desk) -> Response:
    return await _change_model(desk, "back")


async def _change_model(desk: Desk, action: str) -> Response:
    number = _number(desk)
    fault = await training.run(desk.settings, action, str(number))
    if fault:
        return await _page(desk, fault, 409)
    async with desk.database.begin() as session:
        desk.record(
            session, action, "candidate", str(number), model=candidates.served(desk.settings.data_dir)
        )
    return desk.redirect("/learn")


async def _drop(desk: Desk) -> Response:
    number = _number(desk)
    async with desk.database.begin() as session:
        row = await session.get(Candidate, number)
        if row is not None and row.state == "ready":
            row.state = "dropped"
            desk.record(session, "drop", "candidate", str(number))
    return desk.redirect("/learn")


async def _diff(desk: Desk) -> Response:
    path = desk.settings.data_dir / overlay.FOLDER / overlay.DIFF
    await overlay.rewrite(desk.database, desk.keys, desk.settings.data_dir)
    if not path.exists():
        raise HTTPException(404)
    async with desk.database.begin() as session:
        desk.record(session, "download", "learned", path.name)
    return FileResponse(path, media_type="text/x-diff", filename=path.name)


async def _waiting(desk: Desk, session: AsyncSession) -> int:
    """Corrections that this member could agree with."""
    query = select(func.count()).select_from(Correction)
    open_to_me = query.where(Correction.state == "waiting", Correction.staff != desk.member.name)
    return await session.scalar(open_to_me) or 0


SCREEN = Screen(
    "learn",
    _("Belajar"),
    "/learn",
    "learn",
    "reviewer",
    (
        Page("/learn", _show, "reviewer"),
        Page("/learn/progress", _progress, "reviewer", background=True),
        Page("/learn/confirm", _confirm, "reviewer", ("POST",)),
        Page("/learn/discard", _discard, "reviewer", ("POST",)),
        Page("/learn/try", _try, "editor", ("POST",)),
        Page("/learn/accept", _accept, "editor", ("POST",)),
        Page("/learn/back", _back, "editor", ("POST",)),
        Page("/learn/drop", _drop, "editor", ("POST",)),
        Page("/learn/diff", _diff, "editor"),
        *correct.PAGES,
    ),
    badge=_waiting,
    message_tools=correct.tools,
)
