"""Every method, with a real client that takes every answer; all that a person and a bot can send."""

import httpx
import pytest
import telegram
from telegram import BotCommand, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest

from tests.telegram_double import TelegramDouble
from tests.telegram_double.clients import TOKEN, button, post


async def test_get_me(double: TelegramDouble, bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (123456, "desmi_uji_bot", True)


async def test_a_conversation_by_polling(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    said = await siti.says("/start halo")
    [update] = await bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
    assert update.update_id == said.update_id
    assert update.message is not None
    assert update.message.text == "/start halo"
    assert [entity.type for entity in update.message.entities] == ["bot_command"]
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "id"
    sent = await bot.send_message(
        siti.id,
        "<b>Halo</b> &amp; ☺️ <a href='https://x.test/'>sini</a>",
        parse_mode="HTML",
        reply_markup=button("Ya", "y"),
    )
    assert sent.text == "Halo & ☺️ sini"
    assert [(entity.type, sent.parse_entity(entity)) for entity in sent.entities] == [
        ("bold", "Halo"),
        ("text_link", "sini"),
    ]
    reply = await siti.next_message()
    assert (reply.text, reply.labels, reply.links) == ("Halo & ☺️ sini", ["Ya"], ["https://x.test/"])
    query = await siti.taps("Ya")
    [update] = await bot.get_updates(offset=update.update_id + 1, timeout=5)
    assert update.callback_query is not None
    assert (update.callback_query.data, update.callback_query.id) == ("y", query.id)
    assert update.callback_query.message is not None
    assert update.callback_query.message.message_id == sent.message_id
    assert await bot.answer_callback_query(query.id, "baik")
    assert (await siti.next_answer())["text"] == "baik"
    with pytest.raises(BadRequest, match=r"[Qq]uery is too old"):
        await bot.answer_callback_query(query.id)


async def test_all_a_person_can_send(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    said = await siti.says("halo")
    await siti.edits(said, "halo semua")
    await siti.shares_location(-8.5, 116.3)
    await siti.shares_contact()
    await siti.sends_sticker()
    await siti.sends_voice()
    await siti.sends_photo("brosur")
    await siti.sends_document()
    await siti.forwards("lowongan")
    await siti.sends({})
    await double.group("RT 05").says(siti, "assalamualaikum")
    await double.channel("Kabar").posts("berita")
    await siti.blocks()
    updates = await bot.get_updates()
    assert [update.update_id for update in updates] == sorted({update.update_id for update in updates})
    edited = updates[1].edited_message
    assert edited is not None
    assert edited.text == "halo semua"
    assert edited.edit_date is not None
    messages = [update.message for update in updates if update.message]
    kinds = [
        next(
            (
                kind
                for kind in [
                    "location",
                    "contact",
                    "sticker",
                    "voice",
                    "photo",
                    "document",
                    "forward_origin",
                    "text",
                ]
                if getattr(m, kind)
            ),
            "empty",
        )
        for m in messages
    ]
    assert kinds == [
        "text",
        "location",
        "contact",
        "sticker",
        "voice",
        "photo",
        "document",
        "forward_origin",
        "empty",
        "text",
    ]
    assert messages[-1].chat.type == "supergroup"
    assert updates[-2].channel_post is not None
    assert updates[-1].my_chat_member is not None
    assert updates[-1].my_chat_member.new_chat_member.status == "kicked"
    voice = messages[4].voice
    assert voice is not None
    assert await (await voice.get_file()).download_as_bytearray() == b"OggS"


async def test_all_a_bot_can_send(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    said = await siti.says("halo")
    assert await bot.send_chat_action(siti.id, "typing")
    venue = await bot.send_venue(siti.id, -8.5, 116.3, "Desmigratif", "Desa X")
    assert venue.venue is not None
    assert (await siti.next_message()).venue == {
        "location": {"latitude": -8.5, "longitude": 116.3},
        "title": "Desmigratif",
        "address": "Desa X",
    }
    assert (await bot.send_location(siti.id, 1.0, 2.0)).location is not None
    assert (
        await bot.send_document(siti.id, b"isi", filename="daftar.txt", caption="Daftar")
    ).document is not None
    assert (await bot.send_photo(siti.id, b"gambar")).photo
    keyboard = ReplyKeyboardMarkup(
        [[KeyboardButton("Kirim lokasi", request_location=True)]],
        one_time_keyboard=True,
        input_field_placeholder="ketik nama desa",
    )
    asked = await bot.send_message(siti.id, "Di mana?", reply_markup=keyboard, reply_to_message_id=said.id)
    assert asked.reply_to_message is not None
    assert siti.keys() == ["Kirim lokasi"]
    await siti.shares_location(1, 2)
    assert siti.keys() == []
    edited = await bot.edit_message_text(
        "<i>Baru</i>", siti.id, asked.message_id, parse_mode="HTML", reply_markup=button("A", "a")
    )
    assert isinstance(edited, telegram.Message)
    assert (await siti.next_edit()).text == "Baru"
    assert isinstance(await bot.edit_message_reply_markup(siti.id, asked.message_id), telegram.Message)
    assert (await siti.next_edit()).labels == []
    assert await bot.delete_message(siti.id, asked.message_id)
    assert asked.message_id not in [message.id for message in siti.messages]
    assert await bot.delete_messages(siti.id, [venue.message_id, 99_999])
    assert [event.data["action"] for event in siti.seen("typing")] == ["typing"]


async def test_profile(double: TelegramDouble, bot: telegram.Bot) -> None:
    commands = [BotCommand("start", "Mulai"), BotCommand("kantor", "Kantor terdekat")]
    assert await bot.set_my_commands(commands)
    assert await bot.set_my_commands(commands[:1], language_code="jv")
    assert list(await bot.get_my_commands()) == commands
    assert list(await bot.get_my_commands(language_code="jv")) == commands[:1]
    assert await bot.delete_my_commands(language_code="jv")
    assert await bot.set_my_description("Panjang", language_code="su")
    assert await bot.set_my_short_description("Pendek")
    assert await bot.set_my_name("Desmi")
    assert (await bot.get_my_description("su")).description == "Panjang"
    assert (await bot.get_my_short_description("en")).short_description == "Pendek"
    assert (await bot.get_my_name()).name == "Desmi"
    with pytest.raises(BadRequest):
        await bot.set_my_commands([BotCommand("kantor", "x")], language_code="indo")
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)
    for command in (("Kantor", "x"), ("kantor", ""), ("kantor", "x" * 257)):
        answer = await post(
            double, "setMyCommands", commands=[dict(zip(("command", "description"), command, strict=True))]
        )
        assert answer.status_code == 400


async def test_clients_may_send_forms(double: TelegramDouble) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    async with httpx.AsyncClient(trust_env=False) as client:
        address = f"{double.base_url}{TOKEN}/sendmessage"
        fields = {"chat_id": str(siti.id), "text": "ya & tidak"}
        assert (await client.post(address, data=fields)).json()["result"]["text"] == "ya & tidak"
        assert (await client.get(address, params=fields)).json()["result"]["text"] == "ya & tidak"
        parts = [(key, (None, value)) for key, value in fields.items()]
        assert (await client.post(address, files=parts)).json()["result"]["text"] == "ya & tidak"
