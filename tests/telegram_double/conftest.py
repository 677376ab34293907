"""Fixtures: a real client of the double."""

from collections.abc import AsyncIterator

import pytest
import telegram

from tests.telegram_double import TelegramDouble
from tests.telegram_double.clients import bot_of


@pytest.fixture
async def bot(double: TelegramDouble) -> AsyncIterator[telegram.Bot]:
    """A real client of the double, at work."""
    async with bot_of(double) as running:
        yield running
