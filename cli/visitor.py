"""A visitor at the command line: a chat of the database for as long as the command runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import delete

from core.keys import load_keys
from core.languages import SOURCE
from core.outcomes import Outcome
from core.settings import Settings
from core.storage import Database, models, open_database
from core.storage.types import now

CHANNEL = "terminal"
"""Nothing is ever sent to such a chat by itself."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A chat's pseudonym, and the database that holds its row."""

    chat: str
    database: Database

    async def record(self, outcome: Outcome) -> None:
        """Write what a turn writes beside its replies."""
        if not outcome.effects:
            return
        async with self.database.begin() as session:
            for effect in outcome.effects:
                await effect.apply(session, self.chat, now())


@asynccontextmanager
async def visiting(settings: Settings, chat: str) -> AsyncIterator[Visitor]:
    """A visitor whose rows are deleted at the end; the database must be prepared."""
    database = open_database(settings.database(), load_keys(settings))
    try:
        await _forget(database, chat)
        async with database.begin() as session:
            session.add(models.Chat(id=chat, channel=CHANNEL, address="", language=SOURCE, active=False))
        yield Visitor(chat, database)
        await _forget(database, chat)
    finally:
        await database.close()


async def _forget(database: Database, chat: str) -> None:
    async with database.begin() as session:
        await session.execute(delete(models.Chat).where(models.Chat.id == chat))
