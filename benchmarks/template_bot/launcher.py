"""Rasa's command line with the Bot API server of `BENCHMARK_API_URL` in the place of Telegram's.

Runs in `.venv-template`: `python benchmarks/template_bot/launcher.py run ...`. Nothing else of Rasa is changed.
"""

import asyncio
import os
import sys
from typing import Any

from aiogram.bot.api import TelegramAPIServer
from aiogram.bot.base import BaseBot


def _use_server(url: str) -> None:
    """Have aiogram call another server; Rasa's channel has no setting for it."""
    server = TelegramAPIServer.from_base(url)
    original = BaseBot.__init__

    def __init__(self: BaseBot, *args: Any, **values: Any) -> None:
        original(self, *args, **(values | {"server": server}))

    BaseBot.__init__ = __init__


def _leave_closed_loops() -> None:
    """Have a bot open a new session in a new event loop.

    Rasa's channel sets the webhook in a loop that it then closes, and would go on using that loop's session.
    """
    original = BaseBot.session.fget

    def session(self: BaseBot) -> Any:
        held = self._session
        if held is not None and held._loop is not asyncio.get_running_loop():
            self._session = None
        return original(self)

    BaseBot.session = property(session)


def main() -> None:
    """Run Rasa's command line in this process."""
    _use_server(os.environ["BENCHMARK_API_URL"])
    if os.environ.get("BENCHMARK_KEEP_SESSION") != "1":
        _leave_closed_loops()
    from rasa.__main__ import main as rasa_main

    sys.argv[0] = "rasa"
    rasa_main()


if __name__ == "__main__":
    main()
