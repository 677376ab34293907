"""The outbox when a call fails: what is tried again, what may come twice, and what is only offered."""

import asyncio

import pytest

from bot import outbox
from tests.bot.office import texts


async def test_what_was_under_way_at_a_kill_is_sent_again(office):
    user = await office.queue("a", "mungkin dua kali", state="sending")
    office.start()
    await office.settled(1)
    assert texts(user) == ["mungkin dua kali"]


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
