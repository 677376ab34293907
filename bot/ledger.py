"""Ledger: what a turn leads to, written in one transaction with the mark that it is done."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncSession

from bot.erasing import FORGET, take_out
from bot.render import render
from bot.shown import shown
from core import consent, handover, threads
from core.context import FRESH
from core.languages import mark as _
from core.languages import translator
from core.outcomes import ChatState, Outcome
from core.replies import Reply
from core.review import UNHELPFUL, UNSURE
from core.storage import Database, models
from core.storage.types import now
from core.tasks.task import TaskState
from core.turns import Turn
from core.unsure import is_missed

_SORRY = _(
    "Maaf, pertanyaan ini gagal saya jawab karena kesalahan saya. "
    "Coba tulis dengan kata lain, atau buka /menu. Keadaan darurat: /darurat"
)
_GROUP = "group"


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that waits for its replies; `address` is Telegram's chat id."""

    update_id: int
    address: int
    chat: ChatState
    turn: Turn
    attempts: int
    notified: bool


class Ledger:
    """The updates of one bot."""

    def __init__(self, database: Database, bot_id: int) -> None:
        self._database = database
        self._bot_id = bot_id

    async def waiting(self) -> list[tuple[str, int]]:
        """Chat and update id of all that is not done, in the order in which it came."""
        table = models.Update
        async with self._database.begin() as session:
            found = await session.execute(
                select(table.chat, table.update_id)
                .where(table.done_at.is_(None), table.bot == self._bot_id)
                .order_by(table.update_id)
            )
            return [(row.chat, row.update_id) for row in found]

    async def read(self, update_id: int) -> Pending | None:
        """An update with its chat; None when it is done or gone."""
        async with self._database.begin() as session:
            row = await session.get(models.Update, (self._bot_id, update_id))
            if row is None or row.done_at is not None:
                return None
            chat = await session.get_one(models.Chat, row.chat)
            task = TaskState.from_dict(chat.task) if chat.task else None
            fresh = chat.topics_at is not None and now() - chat.topics_at < FRESH
            topics = tuple(chat.topics) if fresh else ()
            state = ChatState(
                chat.id,
                chat.language,
                chat.country,
                chat.misses,
                task,
                chat.keeps or {},
                topics,
                handover=await handover.state(session, chat.id),
                consent=await consent.standing(session, chat),
            )
            notified = row.notified_at is not None
            turn = Turn.from_dict(row.turn)
            return Pending(update_id, int(chat.address), state, turn, row.attempts, notified)

    async def count_attempt(self, update_id: int) -> None:
        """Count a failure of the handler."""
        async with self._database.begin() as session:
            row = await session.get(models.Update, (self._bot_id, update_id))
            if row is not None:
                row.attempts += 1

    async def notify(self, pending: Pending, reply: Reply) -> None:
        """Queue the word that the answer comes later, once for an update."""
        async with self._database.begin() as session:
            row = await session.get(models.Update, (self._bot_id, pending.update_id))
            if row is None or row.notified_at is not None:
                return
            row.notified_at = now()
            await self._queue(session, row, (reply,), pending.chat, kind="notice")

    async def give_up(self, pending: Pending) -> None:
        """Apologise, and call the update done."""
        reply = Reply(translator(pending.chat.language).gettext(_SORRY))
        while not await self.settle(pending, Outcome(pending.chat, (reply,), kind="notice")):
            again = await self.read(pending.update_id)
            pending = again or pending

    async def settle(self, pending: Pending, outcome: Outcome) -> bool:
        """Write everything that a turn led to; does nothing when the update is done already.

        Returns:
            False if a person took or gave back the chat meanwhile: the turn must be handled anew.
        """
        async with self._database.begin() as session:
            row = await session.get(models.Update, (self._bot_id, pending.update_id))
            if row is None or row.done_at is not None:
                return True
            # with the chat locked nobody takes it between this look and the commit
            await session.get_one(models.Chat, row.chat, with_for_update=True)
            if await handover.state(session, row.chat) != pending.chat.handover:
                return False
            moment = now()
            row.done_at, row.turn = moment, {}
            await self._change_chat(session, pending, outcome, moment)
            await self._log_said(session, row, outcome)
            for effect in outcome.effects:
                await effect.apply(session, row.chat, moment)
            if outcome.feedback is not None:
                await self._rate(session, row.chat, *outcome.feedback)
            replies = outcome.replies
            if pending.turn.kind == "other" and pending.turn.text == _GROUP:
                replies = tuple(replace(reply, buttons=()) for reply in replies)  # no menus into a group
            edit = pending.turn.shown_id if outcome.in_place else None
            if outcome.erase:
                await take_out(session, row.chat, tapped=pending.turn.shown_id, keep=edit, asked=row.message)
            await self._queue(
                session,
                row,
                replies,
                outcome.chat,
                kind=outcome.kind,
                danger=outcome.danger,
                edit=edit,
                remove_keyboard=outcome.remove_keyboard,
            )
            if outcome.erase:
                session.add(models.Outgoing(chat=row.chat, call={"method": FORGET}))
        return True

    async def _change_chat(
        self, session: AsyncSession, pending: Pending, outcome: Outcome, moment: datetime
    ) -> None:
        values: dict[str, Any] = {
            "language": outcome.chat.language,
            "country": outcome.chat.country,
            "misses": min(outcome.chat.misses, 1000),
            "task": outcome.chat.task.to_dict() if outcome.chat.task else None,
            "keeps": dict(outcome.chat.keeps) or None,
        }
        if outcome.understood.topic is not None:
            values |= {"topics": list(outcome.chat.topics), "topics_at": moment}
        if outcome.danger and not pending.turn.danger:  # what the guard found is flagged already
            values |= {"danger": outcome.danger, "danger_at": moment}
        await session.execute(change(models.Chat).where(models.Chat.id == pending.chat.id).values(**values))

    async def _log_said(self, session: AsyncSession, row: models.Update, outcome: Outcome) -> None:
        said = await session.get(models.Message, row.message) if row.message else None
        if said is None:
            return
        understood = outcome.understood
        said.topic, said.confidence = understood.topic, understood.confidence
        said.alternatives = [asdict(alternative) for alternative in understood.alternatives]
        said.language, said.danger, said.missed = outcome.language, outcome.danger, not understood.sure
        said.review = UNSURE if is_missed(understood, outcome.replies) else None
        await session.flush()
        if not outcome.erase:
            area = next((reply.area for reply in outcome.replies if reply.area), None)
            await threads.understood(session, said, area)

    async def _rate(self, session: AsyncSession, chat: str, number: int, value: int) -> None:
        if not 0 < number < 2**63:
            return
        answer = await session.get(models.Message, number)
        if answer is not None and answer.chat == chat and answer.direction == "out":
            before, answer.feedback = answer.feedback, value
            await threads.rated(session, answer, before)
            asked = await session.get(models.Message, answer.reply_to) if answer.reply_to else None
            if value < 0 and asked is not None:
                asked.review = UNHELPFUL

    async def _queue(
        self,
        session: AsyncSession,
        row: models.Update,
        replies: Sequence[Reply],
        chat: ChatState,
        *,
        kind: str,
        danger: str | None = None,
        edit: int | None = None,
        remove_keyboard: bool = False,
    ) -> None:
        for place, reply in enumerate(replies):
            message = models.Message(
                chat=row.chat,
                direction="out",
                kind=kind,
                text=reply.text or (reply.venue.title if reply.venue else ""),
                topic=reply.topic,
                danger=danger,
                language=chat.language,
                alternatives=[],
                latency_ms=max(0, round((now() - row.received_at).total_seconds() * 1000)),
                reply_to=row.message,
            )
            session.add(message)
            await session.flush()
            first = place == 0
            calls = render(
                reply,
                chat.language,
                feedback=message.id if kind in ("answer", "task") else None,
                edit=edit if first else None,
                remove_keyboard=remove_keyboard and first,
            )
            message.shown = shown(reply, calls)
            for call in calls:
                session.add(models.Outgoing(chat=row.chat, message=message.id, call=call))
                await session.flush()  # ids in this order: the outbox sends by id
