"""Gate: how many messages are under way at once."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Lets senders through, the urgent ones first.

    After a kill nobody knows whether the messages under way arrived, so they are sent again: few may be under
    way. A second one starts only when the one before has taken `overlap_s` already (a far or slow server); an
    urgent one does not wait for that.
    """

    def __init__(self, limit: int, overlap_s: float) -> None:
        self._limit = limit
        self._overlap_s = overlap_s
        self._inside = 0
        self._last = float("-inf")
        self._queue: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def enter(self, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a place, and hold it."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (not urgent, next(self._count), turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # admitted in the same moment
                self._leave()
            raise
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        self._inside -= 1
        self._admit()

    def _admit(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._queue and self._inside < self._limit:
            waits, _number, turn = self._queue[0]
            if turn.done():
                heapq.heappop(self._queue)
                continue
            free_at = self._last + self._overlap_s
            if self._inside and waits and loop.time() < free_at:
                self._timer = loop.call_at(free_at, self._admit)
                return
            heapq.heappop(self._queue)
            self._inside += 1
            self._last = loop.time()
            turn.set_result(None)
