"""Intake: an update is masked, checked for danger and committed; only then may it be acknowledged."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import update as change
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.render import render
from bot.shown import shown
from bot.updates import Incoming
from core import handover, threads
from core.guard import Guard
from core.help_cards import addressee
from core.keys import Keys
from core.languages import SOURCE
from core.links import read_link
from core.logs import where
from core.outcomes import ChatState, TurnHandler
from core.redaction import coarsen, redact
from core.replies import Reply
from core.storage import Database, models
from core.storage.types import now
from core.turns import Turn

logger = logging.getLogger(__name__)

CHANNEL = "telegram"
GROUP_PAUSE = timedelta(hours=1)
"""A group is declined once in this time, not at every message."""
PATIENCE_S = 0.7
"""How long a help card waits for a slow database before it is sent past it."""
_CARDS_KEPT = 10_000
_TRIES = 3  # two webhook calls of a new chat may both try to create it


class NotStoredError(RuntimeError):
    """The database did not take the update: it must not be acknowledged."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A committed update that waits for its reply; `chat` is the pseudonym, `turn` is masked."""

    update_id: int
    chat: str
    turn: Turn
    query: str | None
    language: str
    urgent: bool


class Intake:
    """Takes updates in, one transaction each."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        bot_id: int,
        guard: Guard,
        handler: TurnHandler,
        keep: Iterable[str],
        direct: Callable[[int, Reply], Awaitable[None]],
        accepted: Callable[[Accepted], None],
    ) -> None:
        """Set up.

        Args:
            database: Where updates are committed.
            keys: For the pseudonyms.
            bot_id: Telegram's id of this bot; update ids are unique within it.
            guard: Finds danger.
            handler: Gives the help card.
            keep: Public numbers that masking leaves readable.
            direct: Sends a reply at once, past the outbox, for when the database is down.
            accepted: Called after each commit of an update that wants a reply.
        """
        self._database = database
        self._keys = keys
        self._bot_id = bot_id
        self._guard = guard
        self._handler = handler
        self._keep = frozenset(keep)
        self._direct = direct
        self._accepted = accepted
        self._carded: OrderedDict[int, None] = OrderedDict()
        self._one = asyncio.Lock()  # commits keep the order in which updates came

    async def accept(self, incoming: Incoming) -> None:
        """Commit an update.

        Raises:
            NotStoredError: The database is down; a help card, if one was due, has been sent all the same.
        """
        masked = self._mask(incoming)
        storing = asyncio.create_task(self._store_in_turn(masked))
        if masked.turn is not None and masked.turn.danger:
            done, _pending = await asyncio.wait({storing}, timeout=PATIENCE_S)
            if not done:
                await self._card_past_database(masked)
        try:
            accepted = await storing
        except (SQLAlchemyError, OSError) as error:
            await self._card_past_database(masked)
            raise NotStoredError(error.__class__.__name__) from error
        if accepted is not None:
            self._accepted(accepted)

    async def _store_in_turn(self, incoming: Incoming) -> Accepted | None:
        async with self._one:
            return await self._store(incoming)

    def _mask(self, incoming: Incoming) -> Incoming:
        turn = incoming.turn
        if turn is None:
            return incoming
        # in a group a help card would show the person to everybody
        found = self._danger(incoming.said) if incoming.private and incoming.said else None
        said = redact(incoming.said, keep=self._keep)
        if turn.kind == "location":
            lat, lon = coarsen(turn.lat or 0.0, turn.lon or 0.0)
            turn = replace(turn, lat=lat, lon=lon)
        elif turn.kind == "text":
            turn = replace(turn, text=redact(turn.text, keep=self._keep))
        elif turn.kind == "command":
            # a number behind a slash is read as a command's name
            name = redact(turn.text, keep=self._keep)
            # the area code in a poster's link looks like a number of somebody
            link = read_link(turn.argument) if name == "start" else None
            argument = link.payload if link else redact(turn.argument, keep=self._keep)
            turn = replace(turn, text=name, argument=argument)
        return replace(incoming, turn=replace(turn, danger=found), said=said)

    def _danger(self, text: str) -> str | None:
        try:
            found = self._guard.check(text)
        except Exception as error:
            # the question is still answered, and the engine's own topics tell of danger too
            logger.error("the guard failed: %s\n%s", error.__class__.__name__, where(error))
            return None
        return found.topic if found else None

    async def _store(self, incoming: Incoming) -> Accepted | None:
        for attempt in range(_TRIES):
            try:
                async with self._database.begin() as session:
                    return await self._write(session, incoming)
            except IntegrityError:
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def _write(self, session: AsyncSession, incoming: Incoming) -> Accepted | None:
        name = self._keys.pseudonym(CHANNEL, str(incoming.address))
        chat = await session.get(models.Chat, name)
        if incoming.turn is None:
            if chat is not None and incoming.present is not None:
                await session.execute(
                    change(models.Chat).where(models.Chat.id == name).values(active=incoming.present)
                )
            return None
        if await session.get(models.Update, (self._bot_id, incoming.update_id)) is not None:
            return None
        moment = now()
        if chat is None:
            chat = models.Chat(id=name, channel=CHANNEL, address=str(incoming.address), language=SOURCE)
            session.add(chat)
            await session.flush()
        elif not incoming.private and chat.seen_at > moment - GROUP_PAUSE:
            return None
        chat.active, chat.seen_at = True, moment
        turn = incoming.turn
        said = models.Message(
            chat=name,
            direction="in",
            kind=turn.kind,
            text=_logged(turn, incoming.said),
            danger=turn.danger,
            language=chat.language,
            alternatives=[],
            shown={"lat": turn.lat, "lon": turn.lon} if turn.kind == "location" else None,
            at=moment,
        )
        session.add(said)
        await session.flush()
        await threads.heard(session, self._keys, said)
        session.add(
            models.Update(
                bot=self._bot_id,
                update_id=incoming.update_id,
                chat=name,
                turn=turn.to_dict(),
                received_at=moment,
                message=said.id,
                said_id=incoming.said_id,
            )
        )
        if turn.danger:
            await self._queue_card(session, chat, turn.danger, said, incoming.said, incoming.update_id)
        return Accepted(
            incoming.update_id, name, turn, incoming.query, chat.language, urgent=bool(turn.danger)
        )

    async def _queue_card(
        self,
        session: AsyncSession,
        chat: models.Chat,
        danger: str,
        said: models.Message,
        text: str,
        update_id: int,
    ) -> None:
        moment = said.at
        chat.danger, chat.danger_at = danger, moment
        state = addressee(ChatState(chat.id, chat.language, chat.country, chat.misses), text)
        chat.country = state.country
        await handover.flag(session, chat.id, danger)
        card = self._handler.card(state, danger)
        calls = render(card, state.language)
        logged = models.Message(
            chat=chat.id,
            direction="out",
            kind="card",
            text=card.text,
            topic=card.topic or danger,
            danger=danger,
            language=state.language,
            alternatives=[],
            shown=shown(card, calls),
            latency_ms=0,
            reply_to=said.id,
        )
        session.add(logged)
        if update_id in self._carded:  # sent already, while the database was slow or down
            return
        await session.flush()
        for call in calls:
            session.add(models.Outgoing(chat=chat.id, message=logged.id, call=call, urgent=True))

    async def _card_past_database(self, incoming: Incoming) -> None:
        turn = incoming.turn
        if turn is None or not turn.danger or incoming.update_id in self._carded:
            return
        self._carded[incoming.update_id] = None
        while len(self._carded) > _CARDS_KEPT:
            self._carded.popitem(last=False)
        name = self._keys.pseudonym(CHANNEL, str(incoming.address))
        state = addressee(ChatState(name), incoming.said)
        try:
            await self._direct(incoming.address, self._handler.card(state, turn.danger))
        except Exception as error:
            self._carded.pop(incoming.update_id, None)  # the update comes again, and with it the card
            logger.error("a help card could not be sent past the database: %s", error.__class__.__name__)


def _logged(turn: Turn, said: str) -> str:
    """What the message log keeps of a turn."""
    match turn.kind:
        case "command":
            return f"/{turn.text} {turn.argument}".strip()
        case "location":
            return ""
        case "other":
            return f"[{turn.text}] {said}".strip()
    return turn.text
