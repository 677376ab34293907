"""Giving back: chats in which staff fell silent, or that nobody took, go back to Desmi."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from core import handover
from core.cancellation import heed_cancellation
from core.opening_hours import opening_hours
from core.storage import Database
from core.storage.types import now

logger = logging.getLogger(__name__)

LOOK_S = 20.0
"""How often the queue is looked through; the limits are minutes."""


async def give_back(database: Database, queued: Callable[[], None]) -> None:
    """Look through the queue until cancelled; `queued` is called when something was put into the outbox."""
    while True:
        try:
            async with database.begin() as session:
                given_back = await handover.expire(session, opening_hours(), now())
            if given_back:
                logger.info("%d chats went back to Desmi", len(given_back))
                queued()
        except (SQLAlchemyError, OSError) as error:
            logger.error("the queue for staff cannot be read: %s", error.__class__.__name__)
            heed_cancellation()
        await asyncio.sleep(LOOK_S)
