"""The webhook: called with its secret until it accepts, at an address that is checked."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import BadRequest, Conflict

from tests.telegram_double import TelegramDouble


class _Hook:
    """A webhook server that answers with the statuses it is given, then 200."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses = statuses
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.url = ""

    async def answer(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[_Hook]:
    import socket

    import uvicorn

    answering = _Hook([])
    config = uvicorn.Config(
        Starlette(routes=[Route("/hook", answering.answer, methods=["POST"])]),
        log_config=None,
        lifespan="off",
        ws="none",
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    answering.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    task = asyncio.create_task(server._serve([listener]))
    try:
        yield answering
    finally:
        server.should_exit = True
        await task


async def test_webhook_is_called_until_it_accepts(
    double: TelegramDouble, bot: telegram.Bot, hook: _Hook
) -> None:
    hook.statuses = [503, 500]
    siti = double.user("siti")
    before = await siti.says("sebelum")
    assert await bot.set_webhook(hook.url, secret_token="rahasia", allowed_updates=["message"])
    after = [await siti.says(str(number)) for number in range(5)]
    await double.until(lambda: not double.world.pending)
    assert [body["update_id"] for body in hook.bodies] == [before.update_id] * 3 + [
        said.update_id for said in after
    ]
    assert set(hook.secrets) == {"rahasia"}
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (hook.url, 0)
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    await siti.says("lagi")
    assert len(await bot.get_updates()) == 1


async def test_webhook_waits_for_its_server(double: TelegramDouble, bot: telegram.Bot, hook: _Hook) -> None:
    assert await bot.set_webhook("http://127.0.0.1:9/nobody")
    siti = double.user("siti")
    await siti.says("halo")
    await double.until(lambda: double.world.webhook_errors or None)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    assert await bot.set_webhook(hook.url)
    await double.until(lambda: not double.world.pending)
    assert hook.secrets == [None]


async def test_webhook_addresses_are_checked(double: TelegramDouble, bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="https"):
        await bot.set_webhook("http://desmi.example/hook")
    with pytest.raises(BadRequest, match="unallowed"):
        await bot.set_webhook("https://desmi.example/hook", secret_token="rahasia banget")
