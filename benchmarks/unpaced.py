"""Desmi with Telegram's sending limits lifted, to measure what stands behind them. Never for the real Telegram.

`python -m benchmarks.unpaced run` is `desmi run`, `... bot` its bot. No setting does this, so that no operator can.
"""

import asyncio
import dataclasses
import sys

from bot import limits
from cli import supervisor
from cli.servers import Program
from core.settings import Settings, settings

LIFTED = 1_000_000


def _bot() -> int:
    from bot.service import run

    limits.CHAT_BURST = limits.OVERALL_BURST = LIFTED
    return asyncio.run(run(settings()))


def _run() -> int:
    original = supervisor.bot_program

    def bot_program(settings: Settings) -> Program:
        return dataclasses.replace(
            original(settings), command=(sys.executable, "-m", "benchmarks.unpaced", "bot")
        )

    supervisor.bot_program = bot_program
    return asyncio.run(supervisor.supervise(settings()))


if __name__ == "__main__":
    sys.exit({"run": _run, "bot": _bot}[sys.argv[1]]())
