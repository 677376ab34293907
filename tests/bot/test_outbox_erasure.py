"""The outbox forgets a chat: at its person's word and at that of staff."""

import asyncio

from sqlalchemy import select

from core import erasure
from core.storage import models
from core.storage.review import Erasure
from core.storage.types import now
from tests.bot.fakes import until
from tests.bot.office import texts


async def test_forgetting_a_chat(office):
    await office.queue("a", "Semua dihapus")
    async with office.database.begin() as session:
        session.add(models.Outgoing(chat="a", call={"method": "forget"}))
    office.start()
    user = office.double.user("a")
    async with asyncio.timeout(30):
        while True:
            async with office.database.begin() as session:
                if await session.get(models.Chat, "a") is None:
                    break
            await asyncio.sleep(0.01)
    assert texts(user) == ["Semua dihapus"]
    assert await office.rows() == []
    assert office.forgotten == ["a"]


async def test_forgetting_waits_for_the_engine(office):
    office.engine_down = 2
    await office.queue("a", "Semua dihapus")
    async with office.database.begin() as session:
        session.add(models.Outgoing(chat="a", call={"method": "forget"}))
    office.start()
    await until(lambda: office.forgotten == ["a"])


async def test_who_blocked_the_bot_is_forgotten_all_the_same(office):
    await office.queue("a", "Semua dihapus")
    async with office.database.begin() as session:
        session.add(models.Outgoing(chat="a", call={"method": "forget"}))
    await office.double.user("a").blocks()
    office.start()
    await until(lambda: office.forgotten == ["a"])


async def test_forgetting_keeps_what_was_asked_since(office):
    await office.queue("a", "Semua dihapus")
    async with office.database.begin() as session:
        session.add(models.Outgoing(chat="a", call={"method": "forget"}))
        asked = models.Message(chat="a", direction="in", kind="text", text="tanya", alternatives=[])
        session.add(asked)
        await session.flush()
        session.add(models.Update(bot=1, update_id=1, chat="a", turn={}, received_at=now(), message=asked.id))
    office.start()
    rows = await office.settled(1)
    assert rows[0].state == "sent"
    async with office.database.begin() as session:
        assert [m.text for m in await session.scalars(select(models.Message))] == ["tanya"]


async def test_what_staff_erase_goes_out_of_the_chat(office):
    user = await office.queue("a", "satu", "dua")
    office.start()
    await office.settled(2)
    said = await user.says("halo")
    async with office.database.begin() as session:
        session.add(
            models.Update(
                bot=1, update_id=1, chat="a", turn={}, said_id=said.id, received_at=now(), done_at=now()
            )
        )
        session.add(models.Outgoing(chat="a", call={"method": "send_message"}, state="held"))
        await session.flush()
        await erasure.ask(session, "a", "ani")
    office.outbox.wake()
    await until(lambda: office.forgotten == ["a"])
    async with asyncio.timeout(30):
        while True:
            async with office.database.begin() as session:
                if await session.get(models.Chat, "a") is None:
                    break
            await asyncio.sleep(0.01)
    assert user.messages == []
    assert await office.rows() == []
    async with office.database.begin() as session:
        assert (await session.scalars(select(Erasure))).all() == []


async def test_staff_erase_a_chat_that_blocked_the_bot_and_keep_what_comes_meanwhile(office):
    await office.queue("a", "satu", state="sent")
    await office.double.user("a").blocks()
    async with office.database.begin() as session:
        asked = models.Message(chat="a", direction="in", kind="text", text="tanya", alternatives=[])
        session.add(asked)
        await session.flush()
        session.add(models.Update(bot=1, update_id=1, chat="a", turn={}, received_at=now(), message=asked.id))
        await session.flush()
        await erasure.ask(session, "a", "ani")
        assert [m.text for m in await session.scalars(select(models.Message))] == ["tanya"]
    office.start()
    await until(lambda: office.forgotten == ["a"])
    await office.settled(0)
    async with office.database.begin() as session:
        assert (await session.scalars(select(Erasure))).all() == []
