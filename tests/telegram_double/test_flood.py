"""Telegram's limits: what the flood report finds too fast, and limits that are enforced."""

import pytest
from telegram.error import RetryAfter

from tests.telegram_double import TelegramDouble, flood
from tests.telegram_double.clients import bot_of
from tests.telegram_double.state import Call


def _calls(*clocks: float, chat_id: int = 1) -> list[Call]:
    return [
        Call(n, "sendMessage", {"chat_id": str(chat_id)}, clock, clock, ok=True)
        for n, clock in enumerate(clocks)
    ]


def test_flood_report() -> None:
    assert flood.report(_calls(0, 0, 0, 0, 1, 2, 3)).kept
    assert flood.report(_calls(0, 0, 0, 0, 0)).too_fast_chats == {1: 1}
    assert flood.report(_calls(0, 0.95, 1.95), burst=1).kept
    assert flood.report(_calls(0, 0.5), burst=1).too_fast_chats == {1: 1}
    spread = [Call(n, "sendMessage", {"chat_id": str(n)}, 0, n / 64, ok=True) for n in range(80)]
    report = flood.report(spread)
    assert (report.worst_second, report.kept, report.too_fast_chats) == (64, False, {})
    assert flood.report(spread[:30]).kept
    assert flood.report([Call(0, "sendChatAction", {"chat_id": "1"}, 0, 0, ok=True)] * 9).sends == 0


async def test_limits_enforced() -> None:
    async with TelegramDouble(enforce=True, burst=2) as double, bot_of(double) as bot:
        siti = double.user("siti")
        await siti.says("halo")
        await bot.send_message(siti.id, "1")
        await bot.send_message(siti.id, "2")
        with pytest.raises(RetryAfter):
            await bot.send_message(siti.id, "3")
        await bot.send_chat_action(siti.id, "typing")
        assert double.flood_report().kept
