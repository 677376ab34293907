"""Faults on order, as a real client meets them: answers, broken connections, calls that hang."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import telegram
from telegram.error import Conflict, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from tests.telegram_double import TelegramDouble
from tests.telegram_double.clients import TOKEN, post


async def test_faults_that_answer(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    flooded = double.floods(retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(siti.id, "1")
    assert caught.value.retry_after == timedelta(seconds=7)
    assert (flooded.hits, siti.replies) == (1, [])
    double.conflicts()
    with pytest.raises(Conflict):
        await bot.get_updates()
    double.breaks("sendMessage", 502, times=2, after=1, html=True)
    assert await bot.send_message(siti.id, "1")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(siti.id, "2")
    assert await bot.send_message(siti.id, "3")
    assert [message.text for message in siti.replies] == ["1", "3"]
    double.breaks(times=-1, chat_id=siti.id)
    with pytest.raises(NetworkError):
        await bot.send_message(siti.id, "4")
    double.faults.lift()
    assert await bot.send_message(siti.id, "5")


async def test_faults_of_the_connection(double: TelegramDouble) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    request = HTTPXRequest(read_timeout=0.3)
    async with telegram.Bot(TOKEN, base_url=double.base_url, request=request) as bot:
        double.hangs("sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(siti.id, "digantung")
        double.loses("sendMessage")
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(siti.id, "hilang")
        assert not isinstance(caught.value, TimedOut)
        double.drops("sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(siti.id, "putus")
        assert [message.text for message in siti.replies] == ["digantung", "hilang"]
        assert [call.fault for call in double.calls("sendMessage")] == ["hang", "lose", "drop"]
        await double.goes_down()
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(siti.id, "mati")
        assert isinstance(caught.value.__cause__, httpx.ConnectError)
        await double.comes_up()
        assert await bot.send_message(siti.id, "hidup")


async def test_a_double_ends_with_calls_hanging() -> None:
    async with TelegramDouble() as double:
        double.hangs("getMe")
        hanging = asyncio.create_task(post(double, "getMe"))
        polling = asyncio.create_task(post(double, "getUpdates", timeout=50))
        await double.until(lambda: len(double.calls()) == 2)
    with pytest.raises(httpx.HTTPError):
        await hanging
    await asyncio.gather(polling, return_exceptions=True)
