"""Dispatch: hands committed updates to the conversation, in order within a chat, many chats at once."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.client import Client
from bot.ledger import Ledger, Pending
from bot.presence import typing
from core.cancellation import cancel_once, heed_cancellation
from core.logs import where
from core.outcomes import EngineDownError, Outcome, TurnHandler

logger = logging.getLogger(__name__)

AT_ONCE = 16
"""Chats whose turns are handled at the same time."""
TRIES = 3
"""Tries of a turn whose handling fails, before an apology."""
NOTICE_AFTER_S = 8.0
"""Silence of the engine after which the person is told that the answer comes later."""
_NEED_ENGINE = frozenset({"text", "location"})
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 10.0
_DATABASE_PAUSE_S = 1.0


class _Chat:
    """The updates of a chat that wait, and what is known about the first of them."""

    def __init__(self) -> None:
        self.queue: list[int] = []
        self.news = asyncio.Event()
        self.timer: asyncio.Task[None] | None = None
        self.told = False
        """Whether the person was told that the first one's answer comes later."""
        self.pause = _FIRST_PAUSE_S

    def first_done(self) -> None:
        """The first of the queue is done."""
        self.queue.pop(0)
        self.told, self.pause = False, _FIRST_PAUSE_S
        self.stop_timer()

    def stop_timer(self) -> None:
        """Tell nothing any more."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class Dispatcher:
    """Works through the updates of a bot."""

    def __init__(
        self,
        ledger: Ledger,
        handler: TurnHandler,
        client: Client,
        queued: Callable[[], None],
        noticed: Callable[[int, str], None],
    ) -> None:
        """Set up.

        Args:
            ledger: Where updates stand and outcomes go.
            handler: The conversation.
            client: For "typing".
            queued: Called when something was put into the outbox.
            noticed: Called with update id and text, for the notice over a tapped button.
        """
        self._ledger = ledger
        self._handler = handler
        self._client = client
        self._queued = queued
        self._noticed = noticed
        self._chats: dict[str, _Chat] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # what needs the engine must not take the places of what does not
        self._engine_places = asyncio.Semaphore(AT_ONCE)
        self._quick_places = asyncio.Semaphore(AT_ONCE)
        self._reads = asyncio.Semaphore(4)

    async def resume(self) -> int:
        """Take up what an earlier process left; returns how many updates that is."""
        waiting = await self._ledger.waiting()
        for chat, update_id in waiting:
            self.submit(chat, update_id)
        return len(waiting)

    def submit(self, chat: str, update_id: int) -> None:
        """Hand in a committed update; those of one chat in their order."""
        known = self._chats.setdefault(chat, _Chat())
        known.queue.append(update_id)
        known.news.set()
        if chat not in self._tasks:
            self._tasks[chat] = asyncio.create_task(self._work(chat, known))

    async def stop(self) -> None:
        """Stop at once; what was not committed is taken up by the next process."""
        for task in self._tasks.values():
            cancel_once(task)
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _work(self, name: str, chat: _Chat) -> None:
        try:
            while chat.queue:
                attempt = asyncio.create_task(self._handle(chat.queue[0], chat))
                try:
                    await self._meanwhile(chat, attempt)
                    await attempt
                except EngineDownError:
                    pause, chat.pause = chat.pause, min(chat.pause * 2, _LONGEST_PAUSE_S)
                    await self._meanwhile(chat, asyncio.create_task(asyncio.sleep(pause)))
                except (SQLAlchemyError, OSError) as error:
                    logger.error("a turn cannot be recorded: %s", error.__class__.__name__)
                    heed_cancellation()
                    await asyncio.sleep(_DATABASE_PAUSE_S)
                else:
                    chat.first_done()
                finally:
                    cancel_once(attempt)
                    # a connection given back after the database was closed would never be closed
                    await asyncio.wait({attempt})
        finally:
            chat.stop_timer()
            del self._tasks[name], self._chats[name]

    async def _meanwhile(self, chat: _Chat, until: asyncio.Task[None]) -> None:
        """Wait for a task; once the person was told to wait, let through what works without the engine."""
        try:
            while not until.done():
                chat.news.clear()
                if chat.told:
                    # menus and emergency pages need no engine, and the notice has just offered them
                    await self._let_through(chat)
                news = asyncio.create_task(chat.news.wait())
                try:
                    await asyncio.wait({until, news}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    news.cancel()
        except asyncio.CancelledError:
            cancel_once(until)
            raise

    async def _let_through(self, chat: _Chat) -> None:
        for update_id in chat.queue[1:]:
            with contextlib.suppress(EngineDownError, SQLAlchemyError, OSError):
                pending = await self._read(update_id)
                if pending is None or pending.turn.kind not in _NEED_ENGINE:
                    await self._handle(update_id, None)
                    chat.queue.remove(update_id)

    async def _read(self, update_id: int) -> Pending | None:
        async with self._reads:
            return await self._ledger.read(update_id)

    async def _handle(self, update_id: int, first_of: _Chat | None) -> None:
        """Handle one update to its end; raises `EngineDownError` when it must wait."""
        while (pending := await self._read(update_id)) is not None:
            places = self._engine_places if pending.turn.kind in _NEED_ENGINE else self._quick_places
            async with places:
                if first_of is not None and first_of.timer is None:
                    first_of.timer = asyncio.create_task(self._tell_later(pending, first_of))
                try:
                    outcome = await self._outcome(pending)
                    if not await self._ledger.settle(pending, outcome):
                        continue
                except (EngineDownError, SQLAlchemyError, OSError):
                    raise
                except Exception as error:
                    # an error's message may quote what a person wrote; its place in the code does not
                    logger.error("a turn failed: %s\n%s", error.__class__.__name__, where(error))
                    if pending.attempts + 1 < TRIES:
                        await self._ledger.count_attempt(update_id)
                        continue
                    outcome = Outcome(pending.chat)
                    await self._ledger.give_up(pending)
            self._queued()
            self._noticed(update_id, outcome.notice)
            return

    async def _outcome(self, pending: Pending) -> Outcome:
        if pending.turn.kind == "tap":
            return await self._handler.handle(pending.chat, pending.turn)
        async with typing(self._client, pending.address):
            return await self._handler.handle(pending.chat, pending.turn)

    async def _tell_later(self, pending: Pending, chat: _Chat) -> None:
        await asyncio.sleep(NOTICE_AFTER_S)
        logger.warning("the engine does not answer; questions are kept")
        try:
            if not pending.notified:
                await self._ledger.notify(pending, self._handler.offline(pending.chat))
                self._queued()
        except (SQLAlchemyError, OSError) as error:
            logger.error("a notice cannot be recorded: %s", error.__class__.__name__)
        chat.told = True
        chat.news.set()
