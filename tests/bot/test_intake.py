import asyncio

import pytest
from sqlalchemy import inspect, select, text
from telegram import Bot

from bot.intake import Intake, NotStoredError
from bot.updates import parse_update, read_update
from core.storage import models
from tests.bot.fakes import BOT_ID, EchoHandler, member, message, tap, until

BOT = Bot("1:test")
DANGER = "tolong majikan pukul saya sampai berdarah"


@pytest.fixture
def door(database, keys, guard):
    return Door(database, keys, guard)


class Door:
    def __init__(self, database, keys, guard):
        self.accepted, self.direct, self.fails = [], [], False
        self.database = database

        async def send(address, reply):
            if self.fails:
                raise ConnectionError
            self.direct.append((address, reply.text))

        self.intake = Intake(
            database, keys, BOT_ID, guard, EchoHandler(), {"0-800-1000"}, send, self.accepted.append
        )

    async def take(self, raw):
        await self.intake.accept(read_update(parse_update(raw, BOT)))

    async def rows(self, table):
        async with self.database.begin() as session:
            return list((await session.scalars(select(table).order_by(*inspect(table).primary_key))).all())


async def test_a_text_is_committed_masked(door, keys):
    await door.take(message(1, text="NIK saya 3201011234560001, telp 081234567890, tanya 0-800-1000"))
    (chat,) = await door.rows(models.Chat)
    (update,) = await door.rows(models.Update)
    (said,) = await door.rows(models.Message)
    assert chat.id == keys.pseudonym("telegram", "7")
    assert chat.address == "7"
    assert "3201011234560001" not in said.text
    assert "0-800-1000" in said.text
    assert update.turn["text"] == said.text
    assert update.message == said.id
    assert said.direction == "in"
    assert update.done_at is None
    async with door.database.begin() as session:
        raw = str((await session.execute(text("SELECT address FROM chats"))).one())
    assert "'7'" not in raw
    (accepted,) = door.accepted
    assert (accepted.update_id, accepted.chat, accepted.urgent) == (1, chat.id, False)


async def test_an_update_seen_twice_is_dropped(door):
    await door.take(message(1, text="halo"))
    await door.take(message(1, text="halo"))
    assert len(door.accepted) == 1
    assert len(await door.rows(models.Update)) == 1


async def test_one_chat_by_many_deliveries_at_once(door):
    await asyncio.gather(*(door.take(message(n // 2, text=f"tanya {n}")) for n in range(20)))
    assert len(await door.rows(models.Update)) == 10
    assert len(await door.rows(models.Chat)) == 1


async def test_danger_queues_the_card_in_the_same_commit(door):
    await door.take(message(1, text=DANGER))
    said, card = await door.rows(models.Message)
    (out,) = await door.rows(models.Outgoing)
    (chat,) = await door.rows(models.Chat)
    assert said.danger == card.danger == chat.danger == "help/abuse"
    assert chat.danger_at is not None
    assert (card.kind, card.direction, card.reply_to) == ("card", "out", said.id)
    assert out.urgent
    assert out.call["text"] == "Kartu help/abuse id"
    assert door.accepted[0].urgent


@pytest.mark.parametrize("raw", [
    message(1, key="edited_message", text=DANGER, edit_date=1),
    message(1, caption=DANGER, photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]),
    message(1, text="/" + DANGER),
    message(1, text="/darurat " + DANGER),
])  # fmt: skip
async def test_danger_is_seen_whatever_carries_it(door, raw):
    await door.take(raw)
    assert len(await door.rows(models.Outgoing)) == 1


async def test_the_card_speaks_the_language_written(door):
    await door.take(message(1, text="please help my boss beats me and I am bleeding"))
    (out,) = await door.rows(models.Outgoing)
    assert out.call["text"].endswith(" en")


async def test_no_card_into_a_group(door):
    await door.take(message(1, number=-5, kind="supergroup", text=DANGER))
    assert await door.rows(models.Outgoing) == []
    (said,) = await door.rows(models.Message)
    assert "majikan" not in said.text


async def test_a_group_is_declined_once_an_hour(door):
    for number in range(4):
        await door.take(message(number, number=-5, kind="supergroup", text="halo"))
    assert len(door.accepted) == 1


async def test_a_location_is_stored_coarse(door):
    await door.take(message(1, location={"latitude": -6.123456, "longitude": 108.987654}))
    (update,) = await door.rows(models.Update)
    assert (update.turn["lat"], update.turn["lon"]) == (-6.12, 108.99)


async def test_taps_and_commands(door):
    await door.take(tap(1, "1:m:", shown=9))
    await door.take(message(2, text="/start 081234567890"))
    assert door.accepted[0].query == "q1"
    assert [m.text for m in await door.rows(models.Message)] == ["1:m:", "/start [TELEPON]"]


async def test_block_and_unblock(door):
    await door.take(member(1, "kicked"))
    assert await door.rows(models.Chat) == [], "a stranger's block is no reason to know them"
    await door.take(message(2, text="halo"))
    await door.take(member(3, "kicked"))
    assert [c.active for c in await door.rows(models.Chat)] == [False]
    await door.take(member(4, "member", before="kicked"))
    assert [c.active for c in await door.rows(models.Chat)] == [True]


async def test_a_dead_database_refuses_the_update_but_not_the_card(door, outage):
    outage.on = True
    for _time in range(3):
        with pytest.raises(NotStoredError):
            await door.take(message(1, text=DANGER))
    with pytest.raises(NotStoredError):
        await door.take(message(2, text="apa syaratnya"))
    assert door.direct == [(7, "Kartu help/abuse id")]
    assert door.accepted == []
    outage.on = False
    await door.take(message(1, text=DANGER))
    assert await door.rows(models.Outgoing) == [], "the card is not sent a second time"
    assert len(door.accepted) == 1


async def test_a_card_that_failed_is_tried_again(door, outage):
    outage.on = door.fails = True
    with pytest.raises(NotStoredError):
        await door.take(message(1, text=DANGER))
    door.fails = False
    with pytest.raises(NotStoredError):
        await door.take(message(1, text=DANGER))
    assert len(door.direct) == 1


async def test_a_slow_database_does_not_hold_the_card(door):
    async with door.intake._one:
        taking = asyncio.create_task(door.take(message(1, text=DANGER)))
        await until(lambda: door.direct)
        assert not taking.done()
    await taking
    assert await door.rows(models.Outgoing) == []
    assert len(door.accepted) == 1
