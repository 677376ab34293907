"""Teach the model what staff corrected: train and measure a candidate, accept it, go back to an earlier one."""

import asyncio
import hashlib
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from cli import model
from cli.prepare import prepare_database
from cli.servers import engine_url
from core.consent import consented
from core.engine_client import EngineClient
from core.keys import Keys, load_keys
from core.learning import candidates, corrections, overlay
from core.learning.scores import Comparison, Move, compare
from core.learning.sentences import Sentence, measured
from core.settings import Settings
from core.storage import Database, models, open_database
from core.storage.learning import Candidate, Correction
from core.storage.types import now
from core.topics import OUT_OF_SCOPE

USUAL_S = 240.0
"""How long a training usually takes, for the progress; it goes on as long as it needs."""
RECENT = 300
"""Latest messages whose answers are compared, beside what waits in the queue."""
_BATCH = 64
PATIENCE_S = 300.0
"""How long a batch may take: nobody waits for it in a chat, and a slow machine must not cost a training."""


class LearningError(RuntimeError):
    """It cannot be done; the message says why and what to do, and ends in the reason's name for the console."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{message} ({reason})")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Database, Keys]]:
    keys = load_keys(settings)
    database = open_database(settings.database(), keys)
    try:
        yield database, keys
    finally:
        await database.close()


async def begin(settings: Settings, staff: str) -> int:
    """A new candidate's number.

    Raises:
        LearningError: Another one is being trained.
    """
    await prepare_database(settings)
    async with _opened(settings) as (database, _keys), database.begin() as session:
        candidate = await candidates.begin(session, staff)
        if candidate is None:
            raise LearningError("running", "A candidate is being trained already. Wait for it.")
        return candidate.id


async def try_candidate(settings: Settings, number: int) -> Comparison:
    """Train and measure a candidate; how far it is, and why it failed, is written to its row.

    Raises:
        LearningError: It failed; the message says why.
    """
    async with _opened(settings) as (database, keys):
        try:
            return await _try(settings, database, keys, number)
        except BaseException as error:
            said = str(error) if isinstance(error, Exception) else "The training was stopped. Try again."
            await candidates.report(database, number, state="failed", error=said[:500])
            raise


async def _try(settings: Settings, database: Database, keys: Keys, number: int) -> Comparison:
    await overlay.rewrite(database, keys, settings.data_dir)
    async with database.read() as session:
        taught = list(await corrections.listed(session, *corrections.TAUGHT))
        recent = (await session.scalars(consented().order_by(models.Message.id.desc()).limit(RECENT))).all()
    present = _present()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".candidate-", dir=settings.data_dir) as name:
        folder = Path(name)
        overlay.write(folder, (Sentence(row.text, row.topic) for row in taught if row.kind == "topic"))
        await candidates.report(
            database, number, stage="training", done=2, base=model.fingerprint(),
            corrections=[row.id for row in taught],
        )  # fmt: skip
        path = await _with_progress(
            lambda: asyncio.to_thread(model.train, False, folder),
            lambda share: candidates.report(database, number, done=2 + int(48 * share)),
        )
    rows = measured()
    own = [(row.id, row.text, "correction") for row in taught if row.kind == "topic"]
    own += [(row.id, row.text, "message") for row in recent]
    texts = [row.text for row in rows]
    extra = [text for _id, text, _source in own]

    async def measure(of: Path, stage: str, start: int) -> tuple[list[str], list[str]]:
        await candidates.report(database, number, stage=stage, done=start)

        async def seen(share: float) -> None:
            await candidates.report(database, number, done=start + int(24 * share))

        return await _answers(settings, of, texts, extra, seen)

    before, before_own = await measure(present, "before", 50)
    after, after_own = await measure(path, "after", 75)
    moves = [
        Move(source, row, old, new)
        for (row, _text, source), old, new in zip(own, before_own, after_own, strict=True)
        if old != new
    ]
    comparison = compare(rows, before, after, moves)
    await candidates.report(
        database, number, state="ready", done=100, model=path.name, report=comparison.to_dict()
    )
    return comparison


def _present() -> Path:
    """The model to compare with: that of the present data, or the newest where a sentence was taken back since."""
    path = model.model_path()
    found = (
        [path]
        if path.exists()
        else sorted(model.MODELS.glob("desmi-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    )
    return found[-1] if found else model.require_model()


async def _with_progress(
    work: Callable[[], Awaitable[Path]], seen: Callable[[float], Awaitable[None]]
) -> Path:
    """Wait for work that says nothing of itself, with a sign of life every few seconds."""
    task, started = asyncio.ensure_future(work()), time.monotonic()
    while not task.done():
        await asyncio.wait({task}, timeout=2.0)
        # ever slower towards the end, for nobody knows it
        spent = (time.monotonic() - started) / USUAL_S
        await seen(spent / (1 + spent))
    return await task


async def _answers(
    settings: Settings,
    path: Path,
    texts: Sequence[str],
    extra: Sequence[str],
    seen: Callable[[float], Awaitable[None]],
) -> tuple[list[str], list[str]]:
    """The topics that a model gives to the held-out texts, which are kept beside it, and to others, which are not."""
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    kept = path.with_name(f".measured-{path.name.split('.')[0]}-{digest}.json")
    known: list[str] | None = json.loads(kept.read_text("utf-8")) if kept.exists() else None
    todo = [*(() if known else texts), *extra]
    found: list[str] = []
    if todo:
        async with engine_url(settings, path) as url, EngineClient(url, PATIENCE_S) as engine:
            for start in range(0, len(todo), _BATCH):
                await seen(start / len(todo))
                parsed = await engine.parse(todo[start : start + _BATCH])
                found += [understood.topic or OUT_OF_SCOPE for understood in parsed]
    if known is None:
        known = found[: len(texts)]
        for old in path.parent.glob(f".measured-{path.name.split('.')[0]}-*.json"):
            old.unlink()
        kept.write_text(json.dumps(known), "utf-8")
        return known, found[len(texts) :]
    return known, found


async def accept(settings: Settings, number: int) -> str:
    """Teach for good what a candidate was made with, and have its model served; returns the model's name.

    Raises:
        LearningError: It is not ready or is worse, the data changed since, or somebody took a sentence back.
    """
    async with _opened(settings) as (database, keys):
        async with database.read() as session:
            candidate = await session.get(Candidate, number)
        if candidate is None or candidate.state != "ready":
            raise LearningError("not_ready", f"Candidate {number} does not wait for a decision.")
        if Comparison.from_dict(candidate.report).worse:
            raise LearningError(
                "worse",
                "The candidate is worse on held-out text than the model in use. It is not taken over.",
            )
        return await _choose(settings, database, keys, candidate)


async def go_back(settings: Settings, number: int) -> str:
    """Return to what an accepted candidate was made with, or with 0 to the shipped sentences alone.

    Raises:
        LearningError: Its model is gone, answers or code changed since, or somebody took a sentence back.
    """
    async with _opened(settings) as (database, keys):
        async with database.read() as session:
            earlier = [one for one in await candidates.accepted(session) if one.id == number]
        if number == 0:
            empty = Candidate(
                id=0, base=model.fingerprint(), model=model.model_path(Path("none")).name, corrections=[]
            )
            return await _choose(settings, database, keys, empty)
        if not earlier:
            raise LearningError(
                "gone", f"Candidate {number} is none of the last {candidates.BACK} accepted models."
            )
        return await _choose(settings, database, keys, earlier[0])


async def _choose(settings: Settings, database: Database, keys: Keys, candidate: Candidate) -> str:
    """Make the learnt sentences those of a candidate, and its model the one in use."""
    chosen: list[int] = candidate.corrections
    if candidate.base != model.fingerprint():
        raise LearningError(
            "changed",
            "Answers, sentences or code changed since this model was made; its answers may be out of date. Try anew.",
        )
    if not (model.MODELS / candidate.model).exists():
        raise LearningError("gone", f"The model {candidate.model} is no longer there. Try anew.")
    async with database.begin() as session:
        await corrections.purge(session)
        query = select(Correction.id, Correction.state).where(Correction.state.in_(corrections.TAUGHT))
        states = {row.id: row.state for row in await session.execute(query)}
        if not set(chosen) <= set(states):
            raise LearningError(
                "withdrawn", "Somebody took a sentence back that this model was made with. Try anew."
            )
    earlier = [number for number, state in states.items() if state == "learned"]
    await overlay.teach(database, keys, chosen)
    await overlay.rewrite(database, keys, settings.data_dir)
    if model.model_path().name != candidate.model:
        await overlay.teach(database, keys, earlier)
        await overlay.rewrite(database, keys, settings.data_dir)
        raise LearningError("changed", "The learnt sentences changed since this model was made. Try anew.")
    if candidate.id:
        await candidates.report(database, candidate.id, state="accepted", accepted_at=now())
    overlay.announce(settings.data_dir, candidate.model)
    return candidate.model


def show(comparison: Comparison) -> str:
    """The comparison as a table for the terminal."""
    lines = [f"{'':<10} {'slice':<16} {'sentences':>9} {'before':>8} {'after':>8}"]
    for one in comparison.slices:
        before, after = one.before / one.count, one.after / one.count
        lines.append(f"{one.kind:<10} {one.name:<16} {one.count:>9} {before:>8.3f} {after:>8.3f}")
    lines.append(
        f"{len(comparison.changes)} held-out answers change, {len(comparison.moves)} of people's messages"
    )
    if comparison.worse:
        lines.append(f"Worse: {', '.join(comparison.worse)}. It cannot be accepted.")
    return "\n".join(lines)
