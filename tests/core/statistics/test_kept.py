"""Numbers are counted again after a minute, not before."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.statistics import kept as module
from core.statistics.kept import kept
from core.storage import Database


async def test_a_result_is_shown_again_until_it_is_old(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    async def count(session: AsyncSession) -> int:
        calls.append(await session.scalar(text("SELECT 1")) or 0)
        return len(calls)

    assert [await kept(database, "a", count) for _ in range(3)] == [1, 1, 1]
    assert await kept(database, "b", count) == 2
    monkeypatch.setattr(module, "KEEP_S", 0.0)
    assert await kept(database, "a", count) == 3
