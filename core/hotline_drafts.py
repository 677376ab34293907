"""Drafts of hotlines: what editors are changing, version by version, until it stands in `content/hotlines.yml`."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.drafts import DraftChangedError
from core.hotlines import Hotline, Hotlines
from core.replies import Source
from core.storage.quality import HotlineDraft


def line_of(draft: HotlineDraft) -> Hotline | None:
    """The line that a draft would make; None where it is to go."""
    if draft.entry is None:
        return None
    lists = {field: tuple(draft.entry[field]) for field in ("numbers", "languages", "topics")}
    return Hotline(**{**draft.entry, **lists, "source": Source(**draft.entry["source"])})


async def history(session: AsyncSession, line: str) -> Sequence[HotlineDraft]:
    """All saved versions of a line, the newest first."""
    rows = await session.scalars(
        select(HotlineDraft).where(HotlineDraft.line == line).order_by(HotlineDraft.id.desc()).limit(100)
    )
    return rows.all()


async def pending(session: AsyncSession, filed: Hotlines) -> dict[str, Hotline | None]:
    """The drafts that differ from the file's lines, by id; what was taken over is no draft any more."""
    newest = select(func.max(HotlineDraft.id)).group_by(HotlineDraft.line)
    rows = await session.scalars(
        select(HotlineDraft)
        .where(HotlineDraft.id.in_(newest), HotlineDraft.withdrawn.is_(False))
        .order_by(HotlineDraft.id)
    )
    now = {line.id: line for line in filed}
    drafts = {row.line: line_of(row) for row in rows}
    return {name: line for name, line in drafts.items() if line != now.get(name)}


async def save(
    session: AsyncSession,
    name: str,
    line: Hotline | None,
    staff: str,
    *,
    base: int,
    withdrawn: bool = False,
) -> HotlineDraft:
    """Add a version; `base` is the id of the newest one that its editor saw, 0 where there was none.

    Raises:
        DraftChangedError: There is a newer one.
    """
    newest = await session.scalar(select(func.max(HotlineDraft.id)).where(HotlineDraft.line == name))
    if (newest or 0) != base:
        raise DraftChangedError(name)
    entry = None if line is None else asdict(line)
    draft = HotlineDraft(line=name, entry=entry, withdrawn=withdrawn, staff=staff)
    session.add(draft)
    await session.flush()
    return draft
