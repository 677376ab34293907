"""The outbox when Telegram refuses: one message, a whole chat, the token; and no log names whose."""

import logging

import pytest
from sqlalchemy import select
from telegram.error import InvalidToken

from core.storage import models
from tests.bot.fakes import TOKEN
from tests.bot.office import texts


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


async def test_no_log_names_the_token(office, caplog):
    caplog.set_level(logging.WARNING)
    office.double.breaks("sendMessage", times=1)
    office.start()
    await office.queue("a", "rahasia")
    await office.settled(1)
    assert "rahasia" not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text
    assert str(office.double.user("a").id) not in caplog.text
