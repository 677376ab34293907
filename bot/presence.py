"""Typing: "is typing ..." while a person waits for an answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import limits
from bot.client import Client

_LAST_S = 0.5


async def _show(client: Client, address: int) -> None:
    with contextlib.suppress(TelegramError):
        await client.send_chat_action(address, ChatAction.TYPING)


async def _keep_showing(client: Client, address: int) -> None:
    while True:
        await asyncio.sleep(limits.TYPING_S)
        await _show(client, address)


@contextlib.asynccontextmanager
async def typing(client: Client, address: int) -> AsyncIterator[None]:
    """Show it at once and renew it until the block ends; whatever goes wrong with it is nobody's concern."""
    first = asyncio.create_task(_show(client, address))
    more = asyncio.create_task(_keep_showing(client, address))
    try:
        yield
    finally:
        more.cancel()
        # were it to arrive after the answer, it would stay for seconds
        await asyncio.wait({first}, timeout=_LAST_S)
        first.cancel()
