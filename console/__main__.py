"""The console as a process: `python -m console`."""

import asyncio
import sys

from console.server import run
from core.settings import settings

sys.exit(asyncio.run(run(settings())))
