"""Polling: which updates are queued, how long they stay, and that two pollers conflict."""

import asyncio

import pytest
import telegram
from telegram.error import Conflict

from tests.telegram_double import TelegramDouble
from tests.telegram_double.clients import bot_of


async def test_updates_stay_until_the_offset_passes_them(double: TelegramDouble, bot: telegram.Bot) -> None:
    ids = [(await double.user(name).says("halo")).update_id for name in ("siti", "budi", "siti")]
    assert [update.update_id for update in await bot.get_updates(limit=2)] == ids[:2]
    assert [update.update_id for update in await bot.get_updates()] == ids
    assert [update.update_id for update in await bot.get_updates(offset=(ids[0] or 0) + 1)] == ids[1:]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == ids[2:]
    assert set(double.world.confirmed) == set(ids[:2])


async def test_a_long_poll_wakes_for_news(double: TelegramDouble, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.calls("getUpdates"))
    await double.user("siti").says("halo")
    assert len(await poll) == 1


async def test_unwanted_kinds_are_not_queued(double: TelegramDouble, bot: telegram.Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    siti = double.user("siti")
    said = await siti.says("halo")
    await siti.edits(said, "hai")
    await siti.blocks()
    assert [update.message is not None for update in await bot.get_updates()] == [True]


async def test_a_confirmed_update_can_be_repeated(double: TelegramDouble, bot: telegram.Bot) -> None:
    said = await double.user("siti").says("halo")
    assert said.update_id is not None
    assert not await bot.get_updates(offset=said.update_id + 1)
    double.repeats(said.update_id)
    assert [update.update_id for update in await bot.get_updates(offset=said.update_id + 1)] == [
        said.update_id
    ]
    assert not await bot.get_updates(offset=said.update_id + 1)


async def test_two_pollers_conflict(double: TelegramDouble, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.calls("getUpdates"))
    async with bot_of(double) as second:
        other = asyncio.create_task(second.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        await double.user("siti").says("halo")
        assert len(await other) == 1
