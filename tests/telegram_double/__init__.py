"""A double of the Telegram Bot API: real HTTP on loopback, with people to play and faults to order.

It imports nothing of the product, so that a mistake there cannot hide in here. In a test:

    async with TelegramDouble() as double:
        user = double.user("siti")
        await user.says("halo")
        reply = await user.next_message()

As a process: `python -m tests.telegram_double --port N`, steered through the routes in `control`.
"""

from tests.telegram_double.faults import Fault
from tests.telegram_double.flood import BURST, FloodReport
from tests.telegram_double.people import Channel, Group, User
from tests.telegram_double.server import TelegramDouble
from tests.telegram_double.state import Call, Event, Message, Query

__all__ = [
    "BURST",
    "Call",
    "Channel",
    "Event",
    "Fault",
    "FloodReport",
    "Group",
    "Message",
    "Query",
    "TelegramDouble",
    "User",
]
