"""Conversations for tests: written through the same functions that the bot's edge calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import threads
from core.keys import Keys
from core.storage import Database
from core.storage.models import Chat, Message
from core.storage.types import now


@dataclass
class World:
    """Makes chats and what is said in them."""

    database: Database
    keys: Keys

    async def chat(self, number: int, **values: Any) -> str:
        """A chat; returns its pseudonym."""
        name = self.keys.pseudonym("telegram", str(number))
        async with self.database.begin() as session:
            session.add(Chat(id=name, address=str(number), **values))
        return name

    async def says(
        self,
        chat: str,
        text: str,
        topic: str | None = "documents/passport",
        confidence: float = 0.97,
        *,
        at: datetime | None = None,
        kind: str = "text",
        missed: bool = False,
        danger: str | None = None,
        language: str = "id",
        regency: str | None = None,
        shown: Any = None,
    ) -> int:
        """A message of the person, understood; returns its id."""
        async with self.database.begin() as session:
            message = Message(
                chat=chat, direction="in", kind=kind, text=text, at=at or now(), danger=danger, shown=shown,
                alternatives=[{"topic": "documents/ktp", "confidence": 0.02}],
            )  # fmt: skip
            session.add(message)
            await session.flush()
            await threads.heard(session, self.keys, message)
            message.topic, message.confidence, message.missed = topic, confidence, missed
            message.language = language
            await session.flush()
            await threads.understood(session, message, regency)
            return message.id

    async def answers(
        self, chat: str, text: str, to: int, *, feedback: int | None = None, shown: Any = None
    ) -> int:
        """Desmi's answer, perhaps rated; returns its id."""
        async with self.database.begin() as session:
            message = Message(
                chat=chat, direction="out", kind="answer", text=text, reply_to=to, latency_ms=240,
                topic="documents/passport", alternatives=[], shown=shown,
            )  # fmt: skip
            session.add(message)
            await session.flush()
            if feedback is not None:
                message.feedback = feedback
                await threads.rated(session, message, None)
            return message.id


def ago(**how: float) -> datetime:
    """A time before now."""
    return now() - timedelta(**how)
