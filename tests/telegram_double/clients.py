"""Clients of the double for its own tests: python-telegram-bot, and a call as plain JSON."""

from typing import Any

import httpx
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.telegram_double import TelegramDouble

TOKEN = "123456:ABC"


def bot_of(double: TelegramDouble, token: str = TOKEN) -> telegram.Bot:
    """A real client, not yet initialised."""
    return telegram.Bot(token, base_url=double.base_url, base_file_url=double.base_file_url)


async def post(double: TelegramDouble, method: str, token: str = TOKEN, **params: Any) -> httpx.Response:
    """Call a method with plain JSON, past all that a library would check."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(f"{double.base_url}{token}/{method}", json=params)


def button(text: str, data: str) -> InlineKeyboardMarkup:
    """A keyboard of one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])
