"""Outbox: sends what is queued in the database, in order within a chat, within Telegram's limits."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiolimiter import AsyncLimiter
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import limits, records
from bot.calls import REPEATABLE, MalformedCallError, as_new, as_plain, perform
from bot.client import Client, Fate, fate, pause_s
from bot.erasing import FORGET
from bot.gate import Gate
from bot.records import Claim
from bot.render import render
from core.cancellation import cancel_once, heed_cancellation
from core.outcomes import EngineDownError
from core.replies import Reply
from core.storage import Database, models

logger = logging.getLogger(__name__)

IN_FLIGHT = 4
"""Messages under way at once, at most."""
OVERLAP_S = 1.0
"""Time after which the next message starts beside one that is still under way, see `bot.gate`.

Far over the time that Telegram takes (about 0.1 s), so that a kill repeats one reply, not several; a server that
hangs delays the others by no more than this.
"""
LOOK_S = 1.0
"""How often the queue is looked through without being woken: other processes may write into it."""
REFUSALS = 10
"""Answers of kind 5xx to one call after which it is given up."""
STOP_S = 12.0
"""How long what is under way is waited for at the end: longer than one writer waits for another (`core.storage.engine`),
for what was sent and is not recorded would be sent again.
"""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_PACE_S = 0.1


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    later: bool
    """Not urgent."""
    id: int


class Outbox:
    """The one sender of a bot."""

    def __init__(self, database: Database, client: Client, forget: Callable[[str], Awaitable[None]]) -> None:
        """Set up; `forget` takes a chat out of the dialogue engine, or raises `EngineDownError`."""
        self._database = database
        self._client = client
        self._forget = forget
        self._woken = asyncio.Event()
        self._gate = Gate(IN_FLIGHT, OVERLAP_S)
        self._overall = AsyncLimiter(limits.OVERALL_BURST, limits.OVERALL_PERIOD_S)
        self._pace: dict[str, AsyncLimiter] = {}
        self._waiting: dict[str, list[_Waiting]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._halted_until = 0.0
        self._stopping = False
        self._broken: InvalidToken | None = None

    def wake(self) -> None:
        """Tell that something was queued."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; raises `InvalidToken` when Telegram no longer knows the bot."""
        fresh = True
        try:
            while True:
                self._woken.clear()
                try:
                    if fresh:
                        await records.requeue(self._database)
                        fresh = False
                    self._arrange(await self._look())
                except (SQLAlchemyError, OSError) as error:
                    logger.error("the outbox cannot be read: %s", error.__class__.__name__)
                    heed_cancellation()
                # not wait_for: in Python 3.11 it may swallow a cancellation that meets the event
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._woken.wait()
                if self._broken is not None:
                    raise self._broken
        finally:
            # a second cancellation must not leave senders behind
            stopping = asyncio.create_task(self._stop())
            while not stopping.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.shield(stopping)

    async def direct(self, address: int, reply: Reply, language: str) -> None:
        """Send a reply at once, past queue and database; raises the client's errors."""
        for call in render(reply, language):
            async with self._gate.enter(urgent=True):
                await perform(self._client, address, call)

    async def _stop(self) -> None:
        self._stopping = True
        if self._sending:  # what is under way is finished, or it would be sent a second time
            await asyncio.wait(self._sending, timeout=STOP_S)
        for task in self._tasks.values():
            cancel_once(task)
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _look(self) -> Iterable[tuple[int, str, bool]]:
        table = models.Outgoing
        async with self._database.begin() as session:
            found = await session.execute(
                select(table.id, table.chat, table.urgent).where(table.state == "queued")
            )
            return [(row.id, row.chat, row.urgent) for row in found]

    def _arrange(self, rows: Iterable[tuple[int, str, bool]]) -> None:
        queues: defaultdict[str, list[_Waiting]] = defaultdict(list)
        for number, chat, urgent in rows:
            queues[chat].append(_Waiting(not urgent, number))
        self._waiting = {chat: sorted(queue, reverse=True) for chat, queue in queues.items()}
        for chat in self._waiting:
            if chat not in self._tasks:
                self._tasks[chat] = asyncio.create_task(self._serve(chat))
        if len(self._pace) > 10_000:
            self._pace = {chat: pace for chat, pace in self._pace.items() if chat in self._tasks}

    async def _serve(self, chat: str) -> None:
        """Send a chat's queue."""
        try:
            while self._waiting.get(chat):
                pace = await self._room(chat)
                async with self._gate.enter(self._is_urgent(chat)):
                    if self._stopping:
                        return
                    await self._unhalted()
                    await self._overall.acquire()
                    if not self._waiting.get(chat):
                        return
                    # counted here and not before, for the way through the gate takes its time
                    if pace.has_capacity():
                        await pace.acquire()
                    elif not self._is_urgent(chat):
                        continue
                    again = await self._one(chat, self._waiting[chat].pop().id)
                if again:
                    await asyncio.sleep(again)
                    self.wake()  # its row stands in the queue again
                    return
        except (SQLAlchemyError, OSError) as error:
            logger.error("the outbox cannot be written: %s", error.__class__.__name__)
            await asyncio.sleep(LOOK_S)
        except InvalidToken as error:
            self._broken = error
            self.wake()
        except Exception as error:
            logger.exception("sending failed in an unforeseen way: %s", error.__class__.__name__)
            await asyncio.sleep(LOOK_S)
        finally:
            del self._tasks[chat]

    def _is_urgent(self, chat: str) -> bool:
        queue = self._waiting.get(chat)
        return queue is not None and len(queue) > 0 and not queue[-1].later

    async def _room(self, chat: str) -> AsyncLimiter:
        """Wait until the chat's pace allows a message; a help card does not wait for good manners."""
        pace = self._pace.setdefault(chat, AsyncLimiter(limits.CHAT_BURST, limits.CHAT_PERIOD_S))
        while not (pace.has_capacity() or self._is_urgent(chat)):  # noqa: ASYNC110 - the limiter has no event
            await asyncio.sleep(_PACE_S)
        return pace

    async def _unhalted(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._halted_until - loop.time()
        while left > 0:  # silence may be prolonged meanwhile
            await asyncio.sleep(left)
            left = self._halted_until - loop.time()

    async def _one(self, chat: str, number: int) -> float:
        """Send one row; returns the pause in seconds after which it is to be tried again, 0 when it is done."""
        claim = await records.claim(self._database, number)
        if claim is None:
            return 0.0
        task = asyncio.current_task()
        assert task is not None
        self._sending.add(task)
        try:
            return await self._send(chat, claim)
        finally:
            self._sending.discard(task)

    async def _send(self, chat: str, claim: Claim) -> float:
        """Make the call of a claimed row and record what came of it."""
        if claim.call.get("method") == FORGET:
            return await self._forget_chat(chat, claim)
        try:
            external = await self._perform(claim)
        except RetryAfter as error:
            wait = pause_s(error)
            self._halted_until = max(self._halted_until, asyncio.get_running_loop().time() + wait)
            logger.warning("Telegram asks for silence: %.0f s", wait)
            await self._record(claim, state="queued", error="429")
            return _PACE_S
        except Forbidden as error:
            await records.fail_chat(self._database, chat, error.message)
            return 0.0
        except InvalidToken:
            await self._record(claim, state="queued")
            raise
        except BadRequest as error:
            gone = "chat not found" in error.message.lower()
            logger.error("Telegram refused a %s: %s", claim.call["method"], error.message)
            if gone:
                await records.fail_chat(self._database, chat, error.message)
            else:
                await self._record(claim, state="failed", error=error.message, call={})
            return 0.0
        except NetworkError as error:
            return await self._failed(claim, error)
        except MalformedCallError as error:
            logger.error("the outbox held a call that cannot be made: %s", error)
            await self._record(claim, state="failed", error=str(error), call={})
            return 0.0
        except (TelegramError, KeyError, TypeError, ValueError, AttributeError) as error:
            # the server took the call; only its answer could not be read
            await self._record(claim, state="sent", error=error.__class__.__name__, call={})
            return 0.0
        await self._record(claim, state="sent", call={}, external_id=external)
        return 0.0

    async def _forget_chat(self, chat: str, claim: Claim) -> float:
        """Erase a chat from the engine and from the database; returns the pause before another try."""
        try:
            await self._forget(chat)
        except EngineDownError:
            await self._record(claim, state="queued", error="the engine does not answer")
            return _pause(claim.attempts)
        await records.forget(self._database, chat, claim.id)
        return 0.0

    async def _perform(self, claim: Claim) -> int | None:
        """Make a call; what Telegram cannot read or find is made once more, in the form that it can."""
        call = claim.call
        for _time in range(3):
            try:
                return await perform(self._client, claim.address, call)
            except BadRequest as error:
                said = error.message.lower()
                if "not modified" in said:
                    return None
                if "can't parse entities" in said and "parse_mode" in call:
                    logger.error("Telegram could not read our HTML, sent as plain text: %s", error.message)
                    call = as_plain(call)
                elif "message_id" in call and ("to edit not found" in said or "can't be edited" in said):
                    call = as_new(call)
                else:
                    raise
        raise BadRequest("refused in every form")

    async def _failed(self, claim: Claim, error: NetworkError) -> float:
        """Record a call that the network lost; returns the pause before the next try, 0 for none."""
        name = error.__cause__.__class__.__name__ if error.__cause__ else error.__class__.__name__
        became = fate(error)
        if (
            became is not Fate.UNKNOWN
            or claim.call["method"] in REPEATABLE
            or (claim.urgent and claim.attempts <= 1)
        ):
            # a help card is sent once more although it may have arrived: twice does no harm, never does
            if claim.attempts >= REFUSALS and became is Fate.REFUSED:
                logger.error("gave a message up after %d tries: %s", claim.attempts, error.message)
                await self._record(claim, state="failed", error=error.message, call={})
                return 0.0
            logger.warning("a message could not be sent (%s), trying again", name)
            await self._record(claim, state="queued", error=name)
            return _pause(claim.attempts)
        logger.error("a message may not have arrived (%s); it is not sent again, a note offers it", name)
        while True:
            try:
                await records.lose(self._database, claim, name)
                break
            except (SQLAlchemyError, OSError):
                await asyncio.sleep(LOOK_S)
        self.wake()
        return 0.0

    async def _record(self, claim: Claim, **values: object) -> None:
        """Write what came of a call; not giving up, for a row left as it is would be sent again."""
        while True:
            try:
                await records.record(self._database, claim.id, values)
                return
            except (SQLAlchemyError, OSError) as error:
                logger.error("what was sent cannot be recorded: %s", error.__class__.__name__)
                await asyncio.sleep(LOOK_S)


def _pause(attempts: int) -> float:
    """Seconds before the next try after so many."""
    return min(_FIRST_PAUSE_S * 2.0 ** min(attempts - 1, 10), _LONGEST_PAUSE_S)
