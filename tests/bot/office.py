"""An outbox at work, for tests to queue in, and what arrives of it."""

import asyncio
import contextlib

from sqlalchemy import select
from telegram.error import InvalidToken

from bot.outbox import Outbox
from bot.render import render
from core.outcomes import EngineDownError
from core.replies import Reply
from core.storage import models


class Office:
    """The outbox at work, and the queue's front door."""

    def __init__(self, database, client, double):
        self.database, self.client, self.double = database, client, double
        self.forgotten: list[str] = []
        self.engine_down = 0
        self.outbox = Outbox(database, client, self._forget)
        self.task = None

    async def _forget(self, chat):
        if self.engine_down:
            self.engine_down -= 1
            raise EngineDownError("down")
        self.forgotten.append(chat)

    def start(self):
        self.task = asyncio.create_task(self.outbox.run())

    async def stop(self):
        if self.task:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError, InvalidToken):
                async with asyncio.timeout(60):
                    await self.task

    async def queue(self, name, *replies, urgent=False, state="queued", topic=None, **how):
        user = self.double.user(name)
        if not user.chat.started:
            user.chat.started = True
        async with self.database.begin() as session:
            if await session.get(models.Chat, name) is None:
                session.add(models.Chat(id=name, address=str(user.id)))
                await session.flush()
            for reply in replies:
                shown = reply if isinstance(reply, Reply) else Reply(reply, topic=topic)
                message = models.Message(
                    chat=name, direction="out", kind="answer", text=shown.text, topic=topic, alternatives=[]
                )
                session.add(message)
                await session.flush()
                for call in render(shown, "id", **how):
                    session.add(
                        models.Outgoing(chat=name, call=call, urgent=urgent, state=state, message=message.id)
                    )
        self.outbox.wake()
        return user

    async def rows(self):
        async with self.database.begin() as session:
            return list((await session.scalars(select(models.Outgoing).order_by(models.Outgoing.id))).all())

    async def settled(self, count):
        """The rows once none waits any more."""
        async with asyncio.timeout(30):
            while True:
                rows = await self.rows()
                if len(rows) == count and not any(r.state in ("queued", "sending") for r in rows):
                    return rows
                await asyncio.sleep(0.01)


def texts(user):
    return [message.content.get("text") for message in user.replies]
