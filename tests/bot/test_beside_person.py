"""The edge while a person has the chat: what is held back, what goes out, turns that meet a change of hands."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import records
from bot.ledger import Ledger
from core import handover, outgoing
from core.handover import Officer
from core.outcomes import Outcome
from core.replies import Reply
from core.storage import Database, models
from core.storage.staff import Staff
from core.storage.types import now
from core.turns import Turn

BOT = 7
CHAT = "chat-1"


@pytest.fixture
async def number(database: Database) -> int:
    """A chat that waits for a person."""
    async with database.begin() as session:
        session.add(models.Chat(id=CHAT, address="1"))
        session.add(Staff(id=1, name="ani", role="reviewer", password="x"))
        await session.flush()
        return (await handover.ask(session, CHAT, now())).id


async def say(database: Database, kind: str, text: str) -> int:
    async with database.begin() as session:
        chat = await session.get_one(models.Chat, CHAT)
        await outgoing.say(session, chat, Reply(text), kind)
        return (
            await session.scalars(select(models.Outgoing.id).order_by(models.Outgoing.id.desc()))
        ).first() or 0


async def take(database: Database, number: int) -> None:
    async with database.begin() as session:
        await handover.take(session, number, Officer(1, "ani"), now())


async def test_what_desmi_says_of_its_own_accord_is_held_until_the_chat_is_given_back(
    database: Database, number: int
) -> None:
    before = await say(database, "task", "sebelum")
    await take(database, number)
    held = [await say(database, kind, kind) for kind in ("answer", "menu", "task", "reminder")]
    passed = [await say(database, kind, kind) for kind in sorted(handover.PASSES)]
    assert [await records.claim(database, row) is None for row in held] == [True] * 4
    assert await records.claim(database, before) is not None
    claims = [await records.claim(database, row) for row in passed]
    assert [claim.call["text"] for claim in claims if claim] == sorted(handover.PASSES)
    async with database.begin() as session:
        await handover.close(session, number, "solved", now() + timedelta(minutes=1))
    assert all([await records.claim(database, row) is not None for row in held])


async def test_a_turn_that_meets_a_change_of_hands_is_handled_anew(database: Database, number: int) -> None:
    ledger = Ledger(database, BOT)
    async with database.begin() as session:
        session.add(models.Update(bot=BOT, update_id=1, chat=CHAT, turn=Turn("text", "apa").to_dict()))
    pending = await ledger.read(1)
    assert pending is not None
    assert pending.chat.handover == "waiting"
    await take(database, number)
    answer = Outcome(pending.chat, (Reply("jawaban"),))
    assert not await ledger.settle(pending, answer)
    again = await ledger.read(1)
    assert again is not None
    assert again.chat.handover == "open"
    assert await ledger.settle(again, Outcome(again.chat, kind="notice"))
    async with database.begin() as session:
        texts = (await session.scalars(select(models.Message.text))).all()
    assert "jawaban" not in texts


async def test_giving_up_ends_even_then(database: Database, number: int) -> None:
    ledger = Ledger(database, BOT)
    async with database.begin() as session:
        session.add(models.Update(bot=BOT, update_id=1, chat=CHAT, turn=Turn("text", "apa").to_dict()))
    pending = await ledger.read(1)
    assert pending is not None
    await take(database, number)
    await ledger.give_up(pending)
    assert await ledger.read(1) is None
