"""`desmi demo`: invented conversations for whoever wants to look at the console."""

import sys

from cli.staff import on_database
from core import demo
from core.demo_chats import DAYS
from core.keys import load_keys
from core.settings import Settings
from core.storage.types import now

_TOLD_EVERY = 50
"""Chats between two lines of progress."""


def fill_demo(settings: Settings, chats: int, seed: int) -> str:
    """Fill the database; returns what was done in words. Raises `core.demo.DemoError`."""
    if settings.telegram_token is not None:
        raise demo.DemoError(
            "A Telegram token is set, so real people may write into this database. Invented conversations are "
            "for looking at the console alone: unset DESMI_TELEGRAM_TOKEN and use a DESMI_DATA_DIR of its own."
        )
    keys = load_keys(settings)

    def progress(done: int) -> None:
        if done % _TOLD_EVERY == 0 or done == chats:
            print(f"Inventing conversations: {done} of {chats} chats", file=sys.stderr, flush=True)

    count = on_database(
        lambda database: demo.fill(database, keys, now(), chats=chats, seed=seed, progress=progress)
    )
    return (
        f"{chats} invented chats with {count} messages of {DAYS} days. Look at them: desmi console, on "
        f"{settings.console_address} (let yourself in with desmi staff add). Remove them: desmi demo --remove"
    )


def remove_demo() -> str:
    """Delete the invented conversations; returns what was done in words."""
    return f"{on_database(demo.remove)} invented chats removed."
