"""Reminders: looks through the table for what is due and puts it into the outbox, each once, never at night.

What a reminder says and the mark that it was sent are one transaction, so neither a kill nor a second process sends it twice.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.intake import CHANNEL
from bot.render import render
from bot.shown import shown
from core import reminder_pages
from core.cancellation import heed_cancellation
from core.languages import translator
from core.reminder_store import Claimed, claim, due
from core.reminders import reminders
from core.storage import Database, models
from core.storage.types import now

logger = logging.getLogger(__name__)

LOOK_S = 20.0
"""Seconds between two looks at the table; a reminder names a day, so a minute does not matter."""
AT_ONCE = 100
"""Reminders taken in one look; the outbox paces what is sent."""


class Scheduler:
    """Sends the reminders of this channel. Chats of another channel, such as the terminal, never get any."""

    def __init__(
        self, database: Database, queued: Callable[[], None], clock: Callable[[], datetime] = now
    ) -> None:
        """Set up; `queued` is called when something was put into the outbox, `clock` gives the time in UTC."""
        self._database = database
        self._queued = queued
        self._clock = clock

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            try:
                if await self.send_due():
                    self._queued()
            except (SQLAlchemyError, OSError) as error:
                logger.error("reminders cannot be read or sent: %s", error.__class__.__name__)
                heed_cancellation()
            await asyncio.sleep(LOOK_S)

    async def send_due(self) -> int:
        """Put what is due into the outbox; returns how many reminders that is."""
        count = 0
        for number in await due(self._database, CHANNEL, self._clock(), AT_ONCE):
            async with self._database.begin() as session:
                claimed = await claim(session, number, self._clock())
                if claimed is not None and await self._queue(session, claimed):
                    count += 1
        return count

    async def _queue(self, session: AsyncSession, claimed: Claimed) -> bool:
        kind = reminders().kinds.get(claimed.kind)
        moment = kind.moment(claimed.moment) if kind else None
        if kind is None or moment is None:  # the list of kinds no longer has it
            logger.warning("a reminder of an unknown kind was left out")
            return False
        today = self._clock().astimezone(ZoneInfo(claimed.zone)).date()
        t = translator(claimed.language)
        reply = reminder_pages.sent(t, kind, moment, claimed.event, claimed.who, claimed.day, today)
        message = models.Message(
            chat=claimed.chat,
            direction="out",
            kind="task",
            text=reply.text,
            topic=reply.topic,
            language=claimed.language,
            alternatives=[],
        )
        session.add(message)
        await session.flush()
        calls = render(reply, claimed.language, today=today)
        message.shown = shown(reply, calls)
        for call in calls:
            session.add(models.Outgoing(chat=claimed.chat, message=message.id, call=call))
            await session.flush()  # ids in this order: the outbox sends by id
        return True
