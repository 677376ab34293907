"""Kept numbers: counting a full log takes seconds, so what was counted is shown for a minute."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from core.storage import Database

T = TypeVar("T")

KEEP_S = 60.0
"""Seconds for which a result is shown again."""

_results: WeakKeyDictionary[AsyncEngine, dict[Hashable, tuple[float, Any]]] = WeakKeyDictionary()


async def kept(database: Database, key: Hashable, count: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """What `count` gave for this key less than a minute ago, otherwise what it gives now."""
    results = _results.setdefault(database.engine, {})
    for old in [name for name, (at, _value) in results.items() if time.monotonic() - at >= KEEP_S]:
        del results[old]
    if key not in results:
        async with database.read() as session:
            results[key] = (time.monotonic(), await count(session))
    value: T = results[key][1]
    return value
