"""Taps: a tapped button is answered at once, or its app shows a progress bar."""

import asyncio
import logging

from telegram.error import TelegramError

from bot import limits
from bot.client import Client
from core.codes import Kind, parse_code

logger = logging.getLogger(__name__)

NOTICE_S = 1.0
"""How long a tap on 👍 or 👎 waits for the thanks that is shown over it."""


class Taps:
    """Answers callback queries, each once; what fails is forgotten, for Telegram forgets it too."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._notices: dict[int, asyncio.Future[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, update_id: int, query: str, data: str) -> None:
        """Answer a tap; only feedback, whose whole reply is a notice, waits a moment for it."""
        code = parse_code(data)
        notice: asyncio.Future[str] | None = None
        if code is not None and code.kind is Kind.HELPFUL:
            notice = self._notices[update_id] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._answer(update_id, query, notice))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def notice(self, update_id: int, text: str) -> None:
        """The notice for a tap that is still to be answered, if it is."""
        waiting = self._notices.get(update_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(text)

    async def stop(self) -> None:
        """Drop what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, update_id: int, query: str, notice: asyncio.Future[str] | None) -> None:
        text = ""
        if notice is not None:
            await asyncio.wait({notice}, timeout=NOTICE_S)
            text = notice.result() if notice.done() else ""
            self._notices.pop(update_id, None)
        try:
            await self._client.answer_callback_query(query, text=text[: limits.NOTICE_CHARS] or None)
        except TelegramError as error:
            logger.info("a tap was not answered: %s", error.__class__.__name__)
