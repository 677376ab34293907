"""Polling: fetches updates by long polls; what was committed, and only that, is acknowledged by the next poll."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.client import Client, pause_s
from bot.intake import Intake, NotStoredError
from bot.updates import ALLOWED, parse_update, read_update
from core.keys import KeyMismatchError
from core.logs import where

logger = logging.getLogger(__name__)

POLL_S = 30
"""Length of a long poll in seconds."""
CONFLICT_S = 5.0
TRIES = 3
"""Tries of an update that fails for a reason of its own, before it is left out."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0

_CONFLICT = (
    "Telegram gives updates to one reader only (409 Conflict), and another one has them: a second Desmi or other "
    "program with the same token, or a webhook that was set meanwhile. Stop the other program, or make a new token "
    "with @BotFather (/revoke) if you do not know it. Trying again every %.0f s."
)


class Backoff:
    """Pauses that double with each failure, up to a limit, with jitter so that many do not come back at once."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE_S

    def reset(self) -> None:
        """It worked."""
        self._next = _FIRST_PAUSE_S

    async def wait(self, error: BaseException) -> None:
        """Pause after a failure, as long as Telegram asks for where it does."""
        if isinstance(error, RetryAfter):
            await asyncio.sleep(pause_s(error))
            return
        pause, self._next = self._next, min(self._next * 2, _LONGEST_PAUSE_S)
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret


async def insist(what: str, call: Callable[[], Awaitable[Any]]) -> None:
    """Make a call until Telegram takes it; raises `InvalidToken`."""
    backoff = Backoff()
    while True:
        try:
            await call()
            return
        except InvalidToken:
            raise
        except TelegramError as error:
            logger.warning("%s: Telegram does not take it (%s), trying again", what, error.__class__.__name__)
            await backoff.wait(error)


class Poller:
    """Reads the updates of a bot."""

    def __init__(self, client: Client, intake: Intake) -> None:
        self._client = client
        self._intake = intake
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until cancelled; raises `InvalidToken` when Telegram does not know the bot."""
        await insist("removing the webhook", self._remove_webhook)
        backoff = Backoff()
        while True:
            try:
                updates = await self._client.raw_updates(self._offset, POLL_S, ALLOWED)
                await self._take(updates)
                backoff.reset()
            except InvalidToken:
                raise
            except Conflict as error:
                logger.error(_CONFLICT, CONFLICT_S)
                if "webhook" in error.message.lower():
                    await insist("removing the webhook", self._remove_webhook)
                await asyncio.sleep(CONFLICT_S)
            except NotStoredError as error:
                logger.error("the database takes no updates (%s); Telegram keeps them", error)
                await backoff.wait(error)
            except TelegramError as error:
                logger.warning("no updates from Telegram (%s), trying again", error.__class__.__name__)
                await backoff.wait(error)

    async def _remove_webhook(self) -> None:
        await self._client.delete_webhook(drop_pending_updates=False)

    async def _take(self, updates: list[dict[str, Any]]) -> None:
        for raw in updates:
            number = raw.get("update_id")
            if not isinstance(number, int):
                continue
            try:
                update = parse_update(raw, self._client)
                incoming = read_update(update) if update is not None else None
                if incoming is not None:
                    await self._intake.accept(incoming)
            except (NotStoredError, KeyMismatchError):
                raise
            except Exception as error:
                # one update that we cannot take must not keep all others from us
                self._failures += 1
                logger.error("an update could not be taken: %s\n%s", error.__class__.__name__, where(error))
                if self._failures < TRIES:
                    await asyncio.sleep(_FIRST_PAUSE_S)
                    return
            self._failures = 0
            self._offset = number + 1
