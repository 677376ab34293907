import asyncio
import contextlib
import logging

import pytest
from sqlalchemy import select
from telegram.error import InvalidToken

from bot import client as clients
from bot import limits, outbox
from bot.client import make_client
from bot.outbox import Outbox
from bot.render import render
from core import erasure
from core.outcomes import EngineDownError
from core.replies import Choice, Reply, Venue
from core.storage import models
from core.storage.review import Erasure
from core.storage.types import now
from tests.bot.fakes import TOKEN, until


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


@pytest.fixture
async def office(database, client, double):
    made = Office(database, client, double)
    yield made
    await made.stop()


def texts(user):
    return [message.content.get("text") for message in user.replies]


async def test_order_within_a_chat_and_purged_after(office):
    office.start()
    user = await office.queue("a", *(f"pesan {n}" for n in range(4)))
    rows = await office.settled(4)
    assert texts(user) == [f"pesan {n}" for n in range(4)]
    assert {row.state for row in rows} == {"sent"}
    assert all(row.call == {} and row.sent_at for row in rows)
    assert [row.external_id for row in rows] == [message.id for message in user.replies]


async def test_urgent_goes_first(office):
    await office.queue("a", "biasa")
    user = await office.queue("a", "kartu", urgent=True)
    office.start()
    await office.settled(2)
    assert texts(user) == ["kartu", "biasa"]


async def test_everything_that_can_be_sent(office):
    office.start()
    button = ((Choice("A", "1:m:"),),)
    user = await office.queue(
        "a", Reply("Menu", buttons=button), Reply("", venue=Venue("Balai", "Jl. X", -6.5, 108.0)),
        Reply("Di mana?", ask_location=True),
    )  # fmt: skip
    rows = await office.settled(3)
    await office.queue("a", Reply("Menu baru", buttons=button), edit=rows[0].external_id)
    await office.queue("a", Reply("Menu baru", buttons=button), edit=rows[0].external_id)
    rows = await office.settled(5)
    assert {row.state for row in rows} == {"sent"}
    assert user.replies[0].content["text"] == "Menu baru"
    assert user.keys()


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_one(office):
    office.start()
    user = await office.queue("a", "Menu", edit=999_999)
    await office.settled(1)
    assert texts(user) == ["Menu"]


async def test_what_was_under_way_at_a_kill_is_sent_again(office):
    user = await office.queue("a", "mungkin dua kali", state="sending")
    office.start()
    await office.settled(1)
    assert texts(user) == ["mungkin dua kali"]


async def test_limits_are_kept(office):
    for n in range(8):
        await office.queue(f"orang {n}", "satu", "dua")
    await office.queue("banyak", *(f"pesan {n}" for n in range(7)))
    office.start()
    await office.settled(23)
    report = office.double.flood_report()
    assert report.kept, report
    assert office.double.burst >= limits.CHAT_BURST


async def test_silence_on_429_holds_everybody(office):
    fault = office.double.floods(retry_after=1)
    office.start()
    one = await office.queue("a", "satu")
    two = await office.queue("b", "dua")
    await office.settled(2)
    assert (texts(one), texts(two)) == (["satu"], ["dua"])
    assert fault.hits == 1
    refused, *sent = office.double.calls("sendMessage")
    assert all(call.clock - refused.clock >= 0.9 for call in sent)


@pytest.mark.parametrize("html", [False, True])
async def test_refusals_are_tried_again(office, html, monkeypatch):
    monkeypatch.setattr(outbox, "_FIRST_PAUSE_S", 0.01)
    office.double.breaks("sendMessage", times=3, html=html)
    office.start()
    user = await office.queue("a", "satu", "dua")
    await office.settled(2)
    assert texts(user) == ["satu", "dua"]


async def test_refusals_without_end_are_given_up(office, monkeypatch):
    monkeypatch.setattr(outbox, "_FIRST_PAUSE_S", 0.001)
    office.double.breaks("sendMessage", times=outbox.REFUSALS)
    office.start()
    user = await office.queue("a", "satu", "dua")
    rows = await office.settled(2)
    assert [row.state for row in rows] == ["failed", "sent"]
    assert texts(user) == ["dua"]


async def test_a_server_that_is_away_is_waited_for(office, monkeypatch):
    monkeypatch.setattr(outbox, "_FIRST_PAUSE_S", 0.01)
    await office.double.goes_down()
    office.start()
    user = await office.queue("a", "satu")
    async with asyncio.timeout(30):
        while (await office.rows())[0].attempts < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await office.double.comes_up()
    await office.settled(1)
    assert texts(user) == ["satu"]


@pytest.mark.parametrize("kind", ["hangs", "loses"])
async def test_what_may_have_arrived_is_not_sent_again_but_offered(office, kind, monkeypatch, caplog):
    if kind == "hangs":
        for request in office.client._request:
            request._client.timeout = 0.5
    getattr(office.double, kind)("sendMessage")
    office.start()
    user = await office.queue("a", "jawaban", topic="documents/passport")
    rows = await office.settled(2)
    assert [row.state for row in rows] == ["unknown", "sent"]
    assert rows[0].call == {}
    first, note = user.replies
    assert first.content["text"] == "jawaban"
    assert "mungkin belum sampai" in note.content["text"]
    assert note.markup["inline_keyboard"][0][0]["callback_data"] == "1:t:documents/passport"
    assert "may not have arrived" in caplog.text
    assert "jawaban" not in caplog.text


async def test_a_help_card_is_rather_sent_twice_than_never(office):
    office.double.loses("sendMessage")
    office.start()
    user = await office.queue("a", "kartu", urgent=True)
    await office.settled(1)
    assert texts(user) == ["kartu", "kartu"]


async def test_a_lost_edit_is_made_again(office):
    office.start()
    user = await office.queue("a", "lama")
    rows = await office.settled(1)
    office.double.loses("editMessageText")
    await office.queue("a", "baru", edit=rows[0].external_id)
    rows = await office.settled(2)
    assert rows[1].state == "sent"
    assert texts(user) == ["baru"]


async def test_html_that_telegram_cannot_read_goes_out_plain(office):
    office.start()
    user = await office.queue("a", "ok")
    async with office.database.begin() as session:
        call = {"method": "send_message", "text": "<b>tebal &amp; miring</i>", "parse_mode": "HTML"}
        session.add(models.Outgoing(chat="a", call=call))
    office.outbox.wake()
    await office.settled(2)
    assert texts(user) == ["ok", "tebal & miring"]


async def test_refused_for_good(office, caplog):
    office.double.breaks("sendMessage", status=400, description="Bad Request: nonsense")
    office.start()
    user = await office.queue("a", "satu", "dua")
    rows = await office.settled(2)
    assert [row.state for row in rows] == ["failed", "sent"]
    assert "onsense" in rows[0].error
    assert texts(user) == ["dua"]


@pytest.mark.parametrize("call", [{}, {"method": "log_out"}, {"method": "send_message", "nonsense": 1}])
async def test_a_malformed_row_does_not_stop_the_queue(office, call):
    user = await office.queue("a", "satu")
    async with office.database.begin() as session:
        (row,) = (await session.scalars(select(models.Outgoing))).all()
        row.call = call
    await office.queue("a", "dua")
    office.start()
    rows = await office.settled(2)
    assert [row.state for row in rows] == ["failed", "sent"]
    assert texts(user) == ["dua"]


@pytest.mark.parametrize("how", ["blocks", "deletes_account"])
async def test_a_blocked_chat_becomes_inactive(office, how):
    user = await office.queue("a", "satu", "dua")
    await getattr(user, how)()
    office.start()
    rows = await office.settled(2)
    assert {row.state for row in rows} == {"failed"}
    assert all(row.call == {} for row in rows)
    async with office.database.begin() as session:
        assert not (await session.get(models.Chat, "a")).active
    await office.queue("a", "tiga")
    assert (await office.settled(3))[2].state == "failed"


async def test_a_token_that_is_no_longer_good_ends_the_outbox(office, double):
    await office.queue("a", "satu")
    double.breaks("sendMessage", status=401, description="Unauthorized")
    office.start()
    with pytest.raises(InvalidToken):
        await office.task
    assert (await office.rows())[0].state == "queued"


async def test_a_dead_database_is_waited_for(office, outage):
    office.start()
    outage.on = True
    await asyncio.sleep(0)
    office.outbox.wake()
    await asyncio.sleep(0.05)
    outage.on = False
    user = await office.queue("a", "satu")
    await office.settled(1)
    assert texts(user) == ["satu"]


async def test_stopping_lets_the_one_under_way_arrive(office):
    office.double.delays(0.5, "sendMessage")
    office.start()
    user = await office.queue("a", "satu", "dua")
    await until(lambda: office.double.calls("sendMessage"))
    await office.stop()
    rows = await office.rows()
    assert [row.state for row in rows] == ["sent", "queued"]
    assert texts(user) == ["satu"]


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


async def test_direct(office):
    user = office.double.user("a")
    user.chat.started = True
    await office.outbox.direct(user.id, Reply("kartu"), "id")
    assert texts(user) == ["kartu"]


async def test_no_log_names_the_token(office, caplog):
    caplog.set_level(logging.WARNING)
    office.double.breaks("sendMessage", times=1)
    office.start()
    await office.queue("a", "rahasia")
    await office.settled(1)
    assert "rahasia" not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text
    assert str(office.double.user("a").id) not in caplog.text


def test_proxies_are_for_the_world(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://out.example:3128")
    assert clients.httpx.URL("http://127.0.0.1:1").host in clients._LOOPBACK
    assert make_client(TOKEN, "http://127.0.0.1:1")._request[0]._client.trust_env is False
