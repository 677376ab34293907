"""`python -m bot`: the Telegram edge as a process."""

import asyncio
import sys

from bot.service import run
from core.settings import settings

if __name__ == "__main__":
    sys.exit(asyncio.run(run(settings())))
