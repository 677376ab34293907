"""Talk to a person: what it is about, then the queue; the talk itself is `core.handover`."""

from dataclasses import dataclass

from core import handover, person_replies
from core.opening_hours import opening_hours
from core.phrases import is_question
from core.replies import Reply
from core.storage import models
from core.storage.types import now
from core.tasks.task import Context, Given, Step, TaskState
from core.topics import OUT_OF_SCOPE

SURE = 0.6
"""Confidence from which a question in between is taken for one, not for what the talk is to be about."""
ABOUT_CHARS = 1000


@dataclass(frozen=True, slots=True)
class _Desk:
    """How the chat stands with the staff."""

    reachable: bool
    state: handover.State
    urgent: bool
    place: int
    """In the queue, from 1: where it is, or where it would be."""


class Human:
    """The way into the queue."""

    name = person_replies.TASK

    async def start(self, context: Context, given: Given) -> Step:
        """Ask what it is about; in danger nothing is asked."""
        desk = await _look(context)
        if not desk.reachable:
            return Step(None, (person_replies.unreachable(context.t),))
        if desk.state == "open":
            return Step(None, (person_replies.beside_you(context.t),))
        if desk.state == "waiting":
            return Step(None, (_queued(context, desk),))
        if desk.urgent:
            return Step(None, (_queued(context, desk),), (handover.Ask(given.text[:ABOUT_CHARS]),))
        state = TaskState(self.name, "about")
        return Step(state, (self.ask(context, state),))

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """A description, or one of the buttons."""
        desk = await _look(context)
        if not desk.reachable and given.value != "back":
            return Step(None, (person_replies.unreachable(context.t),))
        match given.value:
            case "back":
                left = (handover.Leave(),) if desk.state else ()
                return Step(None, (person_replies.back(context.t, desk.state),), left)
            case "status" if desk.state == "waiting":
                return Step(None, (_queued(context, desk),), in_place=True)
            case "no" if state is not None:
                return Step(None, (person_replies.not_asked(context.t),), in_place=True)
            case "go" | "status" if state is None or desk.state:
                return await self.start(context, Given())
            case "go":
                return Step(None, (_queued(context, desk),), (handover.Ask(),), in_place=True)
            case None if state is not None and not _asks_something_else(given):
                about = given.text[:ABOUT_CHARS]
                topic = None if given.topic in (None, "", OUT_OF_SCOPE) else given.topic
                return Step(None, (_queued(context, desk),), (handover.Ask(about, topic),))
        return None

    def ask(self, context: Context, state: TaskState) -> Reply:
        """What is it about?"""
        return person_replies.about(context.t, opening_hours().status(context.t, now()))


def _asks_something_else(given: Given) -> bool:
    """A story is told to the staff; a clear question is answered by Desmi first."""
    other = given.topic not in (None, "", OUT_OF_SCOPE, person_replies.TOPIC)
    return other and given.confidence >= SURE and is_question(given.text)


def _queued(context: Context, desk: _Desk) -> Reply:
    return person_replies.queued(context.t, desk.place, opening_hours().status(context.t, now()), desk.urgent)


async def _look(context: Context) -> _Desk:
    if context.database is None:
        return _Desk(False, "", False, 0)
    async with context.database.read() as session:
        chat = await session.get(models.Chat, context.chat)
        # to a chat of the command line nothing can be sent
        if chat is None or not chat.active or not await handover.staffed(session):
            return _Desk(False, "", False, 0)
        found = await handover.live(session, chat.id)
        urgent = found.urgent if found else handover.is_urgent(chat, now())
        since = found.asked_at if found else now()
        place = 1 + await handover.ahead_of(session, urgent, since)
        return _Desk(True, await handover.state(session, chat.id), urgent, place)
