"""People with messages, some of whom agreed that these may be used."""

from core.storage import Database
from core.storage.models import Chat, Message


async def say(
    database: Database,
    text: str,
    *,
    chat: str = "a" * 24,
    topic: str | None = "documents/work_visa",
    danger: str | None = None,
    consent: bool | None = True,
) -> int:
    """A message of a chat, which is made if it is not there; returns the message's id."""
    async with database.begin() as session:
        if await session.get(Chat, chat) is None:
            session.add(Chat(id=chat, address="1", consent=consent))
            await session.flush()
        message = Message(
            chat=chat, direction="in", kind="text", text=text, topic=topic, danger=danger, confidence=0.4
        )
        session.add(message)
        await session.flush()
        return message.id


async def withdraw(database: Database, chat: str = "a" * 24) -> None:
    """Take a chat's consent back."""
    async with database.begin() as session:
        (await session.get_one(Chat, chat)).consent = False
