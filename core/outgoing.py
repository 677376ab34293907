"""Outgoing: what Desmi or its staff say of their own accord, logged and queued in one transaction.

Only the edge of a channel can render a reply, so the outbox holds it in the form of `core.replies`.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.hotlines import hotlines
from core.redaction import redact
from core.replies import Reply
from core.storage import models

REPLY = "reply"
"""The method of a call that holds a reply still to be rendered: `{"method", "reply", "language"}`."""
ERASE = "erase"
"""The method of a call that asks the edge to take a chat's messages out of the channel, and then to forget the chat."""


async def say(
    session: AsyncSession, chat: models.Chat, reply: Reply, kind: str, *, urgent: bool = False
) -> models.Message:
    """Log a reply and queue it for the chat; nothing leaves before the session's commit.

    Args:
        session: The transaction.
        chat: Whom to say it to.
        reply: What to say; hotlines are filled in already.
        kind: The message's kind in the log.
        urgent: Whether it goes before all that is not.

    Returns:
        The row of the log. It holds the text masked, whatever was written.
    """
    logged = models.Message(
        chat=chat.id,
        direction="out",
        kind=kind,
        text=redact(reply.text, keep=hotlines().numbers()),
        topic=reply.topic,
        language=chat.language,
        alternatives=[],
    )
    session.add(logged)
    await session.flush()
    call: dict[str, Any] = {"method": REPLY, "reply": reply.to_dict(), "language": chat.language}
    session.add(models.Outgoing(chat=chat.id, message=logged.id, call=call, urgent=urgent))
    await session.flush()
    return logged
