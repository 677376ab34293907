"""Refusals, in the server's words: of tokens, chats, edits, deletions and old taps."""

import pytest
import telegram
from telegram import ReplyKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.telegram_double import TelegramDouble
from tests.telegram_double.clients import TOKEN, bot_of, button, post


async def test_tokens(double: TelegramDouble) -> None:
    assert (await post(double, "getMe", token="salah")).json() == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }
    assert (await post(double, "getMe", token="99:x_-Y")).json()["result"]["id"] == 99
    assert (await post(double, "tidakAda")).json()["description"] == "Not Found: method not found"
    async with TelegramDouble(token=TOKEN) as strict:
        assert (await post(strict, "getMe")).status_code == 200
        assert (await post(strict, "GETME", token="123456:ABD")).json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
        refused = bot_of(strict, "1:x")
        with pytest.raises(InvalidToken):
            await refused.initialize()
        await refused.shutdown()


async def test_chats_that_cannot_be_written_to(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(42, "x")
    with pytest.raises(Forbidden, match="can't initiate"):
        await bot.send_message(siti.id, "x")
    await siti.says("halo")
    await siti.blocks()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(siti.id, "x")
    await siti.says("halo lagi")
    assert await bot.send_message(siti.id, "x")
    await siti.deletes_account()
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_chat_action(siti.id, "typing")
    group = double.group("RT 05")
    await group.removes_bot(siti)
    with pytest.raises(Forbidden, match="kicked"):
        await bot.send_message(group.id, "x")


async def test_refused_edits_and_deletions(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    said = await siti.says("halo")
    sent = await bot.send_message(siti.id, "<b>x</b>", parse_mode="HTML", reply_markup=button("A", "a"))
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text(
            "<b>x</b>", siti.id, sent.message_id, parse_mode="HTML", reply_markup=button("A", "a")
        )
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("y", siti.id, 12_345)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("y", siti.id, said.id)
    keys = ReplyKeyboardMarkup([["x"]])
    with pytest.raises(BadRequest, match=r"[Ii]nline keyboard expected"):
        await bot.edit_message_reply_markup(siti.id, sent.message_id, reply_markup=keys)  # type: ignore[arg-type]
    pin = await bot.send_location(siti.id, 1, 2)
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("y", siti.id, pin.message_id)
    with pytest.raises(BadRequest, match="delete not found"):
        await bot.delete_message(siti.id, 12_345)
    siti.ages(siti.replies[0], hours=49)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(siti.id, sent.message_id)
    with pytest.raises(BadRequest, match="replied not found"):
        await bot.send_message(siti.id, "y", reply_to_message_id=12_345)
    with pytest.raises(BadRequest):
        await bot.send_venue(siti.id, 91, 1, "x", "y")
    with pytest.raises(BadRequest):
        await bot.send_chat_action(siti.id, "menari")


async def test_expired_taps(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    await bot.send_message(siti.id, "x", reply_markup=button("Ya", "y"))
    query = await siti.taps("y")
    double.expires_queries()
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(query.id)
    with pytest.raises(AssertionError, match="no button"):
        await siti.taps("Tidak")
    await siti.taps("Ya", inaccessible=True)
    update = (await bot.get_updates())[-1]
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert update.callback_query.message.date.timestamp() == 0
