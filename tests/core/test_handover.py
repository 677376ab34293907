"""Handover: queue, taking, answering, giving back, time-outs; on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import handover
from core.handover import HandoverError, Officer
from core.opening_hours import opening_hours
from core.outgoing import REPLY
from core.storage import Database, models
from core.storage.handovers import Handover
from core.storage.staff import Staff
from core.storage.types import now

MOMENT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, 09.00 WIB


@pytest.fixture
async def officers(database: Database) -> list[Officer]:
    async with database.begin() as session:
        session.add_all(Staff(name=name, role="reviewer", password="x") for name in ("ani", "budi"))
        session.add(Staff(name="keluar", role="reviewer", password="x", active=False))
    async with database.begin() as session:
        return [await handover.officer(session, name) for name in ("ani", "budi")]


async def ask(database: Database, chat: str, minutes: int = 0, danger: str | None = None) -> int:
    """A chat in the queue; the number of its handover."""
    asked = MOMENT + timedelta(minutes=minutes)
    async with database.begin() as session:
        if await session.get(models.Chat, chat) is None:
            session.add(models.Chat(id=chat, address="1", danger=danger, danger_at=asked if danger else None))
            await session.flush()
        return (await handover.ask(session, chat, asked, f"tentang {chat}", "money/salary")).id


async def said(database: Database, chat: str) -> list[tuple[str, str]]:
    async with database.begin() as session:
        rows = await session.scalars(
            select(models.Message).where(models.Message.chat == chat).order_by(models.Message.id)
        )
        return [(row.kind, row.text) for row in rows]


async def test_danger_goes_first_then_who_asked_first(database: Database) -> None:
    for minutes, (chat, danger) in enumerate(
        [("satu", None), ("dua", None), ("tiga", "help/abuse"), ("empat", None)]
    ):
        await ask(database, chat, minutes, danger)
    async with database.begin() as session:
        rows = await handover.queue(session)
        assert [row.chat for row in rows] == ["tiga", "satu", "dua", "empat"]
        assert [await handover.ahead_of(session, row.urgent, row.asked_at) for row in rows] == [0, 1, 2, 3]
        assert rows[0].topic == "help/abuse"
        await handover.flag(session, "empat", "help/confined")
    async with database.begin() as session:
        assert [row.chat for row in await handover.queue(session)] == ["tiga", "empat", "satu", "dua"]


async def test_asking_twice_keeps_the_place(database: Database) -> None:
    first = await ask(database, "satu")
    await ask(database, "dua", 1)
    assert await ask(database, "satu", 2) == first
    async with database.begin() as session:
        row = await session.get_one(Handover, first)
        assert row.asked_at == MOMENT
        assert row.about == "tentang satu"


async def test_a_chat_is_live_only_once(database: Database) -> None:
    await ask(database, "satu")
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            session.add(Handover(chat="satu"))


async def test_a_reply_takes_the_chat_and_is_queued_and_logged(
    database: Database, officers: list[Officer]
) -> None:
    number = await ask(database, "satu")
    async with database.begin() as session:
        await handover.reply(session, number, officers[0], " Kirim ke 081234567890 ya \n", MOMENT)
        assert await handover.state(session, "satu") == "open"
    async with database.begin() as session:
        row = await session.get_one(Handover, number)
        assert (row.state, row.staff_name, row.taken_at, row.last_staff_at) == ("open", "ani", MOMENT, MOMENT)
        calls = (await session.scalars(select(models.Outgoing).order_by(models.Outgoing.id))).all()
    assert [call.call["method"] for call in calls] == [REPLY, REPLY]
    assert all(call.urgent for call in calls)
    assert calls[1].call["reply"]["text"].endswith("Kirim ke 081234567890 ya"), "the person can use it"
    kinds = await said(database, "satu")
    assert [kind for kind, _text in kinds] == ["notice", "staff"]
    assert "081234567890" not in kinds[1][1], "the log cannot"


async def test_nobody_takes_what_another_has(database: Database, officers: list[Officer]) -> None:
    number = await ask(database, "satu")
    ani, budi = officers
    async with database.begin() as session:
        await handover.take(session, number, ani, MOMENT)
    async with database.begin() as session:
        await handover.take(session, number, ani, MOMENT)
    with pytest.raises(HandoverError, match="lain"):
        async with database.begin() as session:
            await handover.reply(session, number, budi, "halo", MOMENT)
    assert [kind for kind, _text in await said(database, "satu")] == ["notice"]


async def test_two_who_take_at_once_do_not_both_have_it(database: Database, officers: list[Officer]) -> None:
    number = await ask(database, "satu")

    async def take(by: Officer) -> bool:
        try:
            async with database.begin() as session:
                await handover.take(session, number, by, MOMENT)
        except HandoverError:
            return False
        return True

    assert sorted(await asyncio.gather(*(take(by) for by in officers))) == [False, True]


@pytest.mark.parametrize("text", ["", " \n", "x" * (handover.MAX_CHARS + 1)])
async def test_an_empty_or_endless_reply_is_refused(
    database: Database, officers: list[Officer], text: str
) -> None:
    number = await ask(database, "satu")
    with pytest.raises(HandoverError):
        async with database.begin() as session:
            await handover.reply(session, number, officers[0], text, MOMENT)
    assert await said(database, "satu") == []


async def test_closing_says_so_and_lets_out_what_was_held(
    database: Database, officers: list[Officer]
) -> None:
    number = await ask(database, "satu")
    async with database.begin() as session:
        await handover.take(session, number, officers[0], MOMENT)
        session.add(models.Outgoing(chat="satu", call={"method": "send_message"}, state="held"))
    async with database.begin() as session:
        await handover.close(session, number, "referred", MOMENT + timedelta(minutes=5))
    async with database.begin() as session:
        row = await session.get_one(Handover, number)
        assert (row.state, row.outcome) == ("closed", "referred")
        assert {call.state for call in await session.scalars(select(models.Outgoing))} == {"queued"}
        assert await handover.state(session, "satu") == ""
    assert "kembali berbicara dengan Desmi" in (await said(database, "satu"))[-1][1]
    for wrong in ("solved", "nothing"):
        with pytest.raises(HandoverError):
            async with database.begin() as session:
                await handover.close(session, number, wrong, MOMENT)
    assert await ask(database, "satu", 10) != number


async def test_leaving(database: Database, officers: list[Officer]) -> None:
    number = await ask(database, "satu")
    async with database.begin() as session:
        await handover.Leave().apply(session, "satu", MOMENT)
        await handover.Leave().apply(session, "satu", MOMENT)
    async with database.begin() as session:
        assert (await session.get_one(Handover, number)).outcome == "left"
    with pytest.raises(HandoverError, match="ditutup"):
        async with database.begin() as session:
            await handover.reply(session, number, officers[0], "halo", MOMENT)


async def test_a_chat_that_is_gone_and_staff_that_are_not_there(
    database: Database, officers: list[Officer]
) -> None:
    with pytest.raises(HandoverError, match="tidak ada"):
        async with database.begin() as session:
            await handover.take(session, 99, officers[0], MOMENT)
    for name in ("keluar", "nobody"):
        with pytest.raises(HandoverError, match="petugas aktif"):
            async with database.begin() as session:
                await handover.officer(session, name)


async def expired(database: Database, minutes: float) -> list[str]:
    hours = replace(opening_hours(), closed={}, every_year=frozenset())
    async with database.begin() as session:
        return await handover.expire(session, hours, MOMENT + timedelta(minutes=minutes))


async def test_silence_of_staff_gives_the_chat_back(database: Database, officers: list[Officer]) -> None:
    number = await ask(database, "satu")
    async with database.begin() as session:
        await handover.take(session, number, officers[0], MOMENT)
    async with database.begin() as session:
        await handover.Heard().apply(session, "satu", MOMENT + timedelta(minutes=10))
    assert await expired(database, 39) == []
    assert await expired(database, 41) == ["satu"]
    assert await expired(database, 41) == []
    assert "petugas tidak membalas lagi" in (await said(database, "satu"))[-1][1]
    assert "[[" not in (await said(database, "satu"))[-1][1]


async def test_silence_of_the_person_is_no_fault_of_staff(
    database: Database, officers: list[Officer]
) -> None:
    number = await ask(database, "satu")
    async with database.begin() as session:
        await handover.reply(session, number, officers[0], "halo", MOMENT + timedelta(minutes=1))
    assert await expired(database, 32) == ["satu"]
    assert "sudah lama tidak ada pesan" in (await said(database, "satu"))[-1][1]


async def test_waiting_ends_after_opening_time_only(database: Database) -> None:
    await ask(database, "satu", 9 * 60)  # 18.00 WIB: closed
    assert await expired(database, 22 * 60) == []  # 07.00 on the next day
    assert await expired(database, 25 * 60 - 1) == []
    assert await expired(database, 25 * 60 + 1) == ["satu"]
    assert "belum ada petugas" in (await said(database, "satu"))[-1][1]


async def test_whether_anybody_could_answer(database: Database, officers: list[Officer]) -> None:
    async with database.begin() as session:
        assert await handover.staffed(session)
        for row in await session.scalars(select(Staff)):
            row.active = False
    async with database.begin() as session:
        assert not await handover.staffed(session)


def test_danger_is_urgent_for_a_day() -> None:
    chat = models.Chat(danger="help/abuse", danger_at=now() - timedelta(hours=23))
    assert handover.is_urgent(chat, now())
    chat.danger_at = now() - timedelta(hours=25)
    assert not handover.is_urgent(chat, now())
    assert not handover.is_urgent(models.Chat(), now())
