"""The double itself: a real client takes every answer, and every refusal is the real server's."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import telegram
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from tests.telegram_double import TelegramDouble, flood
from tests.telegram_double.markup import parse_html, units
from tests.telegram_double.state import Call

TOKEN = "123456:ABC"


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble() as running:
        yield running


@pytest.fixture
async def bot(double: TelegramDouble) -> AsyncIterator[telegram.Bot]:
    async with _bot(double) as running:
        yield running


def _bot(double: TelegramDouble, token: str = TOKEN) -> telegram.Bot:
    return telegram.Bot(token, base_url=double.base_url, base_file_url=double.base_file_url)


async def _post(double: TelegramDouble, method: str, token: str = TOKEN, **params: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(f"{double.base_url}{token}/{method}", json=params)


def _button(text: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


# every method, with a real client


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
        reply_markup=_button("Ya", "y"),
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
        "<i>Baru</i>", siti.id, asked.message_id, parse_mode="HTML", reply_markup=_button("A", "a")
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
        answer = await _post(
            double, "setMyCommands", commands=[dict(zip(("command", "description"), command, strict=True))]
        )
        assert answer.status_code == 400


# polling


async def test_updates_stay_until_the_offset_passes_them(double: TelegramDouble, bot: telegram.Bot) -> None:
    ids = [(await double.user(name).says("halo")).update_id for name in ("siti", "budi", "siti")]
    assert [update.update_id for update in await bot.get_updates(limit=2)] == ids[:2]
    assert [update.update_id for update in await bot.get_updates()] == ids
    assert [update.update_id for update in await bot.get_updates(offset=(ids[0] or 0) + 1)] == ids[1:]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == ids[2:]
    assert set(double.world.confirmed) == set(ids[:2])


async def test_a_long_poll_wakes_for_news(double: TelegramDouble, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.calls("getUpdates"))
    await double.user("siti").says("halo")
    assert len(await poll) == 1


async def test_unwanted_kinds_are_not_queued(double: TelegramDouble, bot: telegram.Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    siti = double.user("siti")
    said = await siti.says("halo")
    await siti.edits(said, "hai")
    await siti.blocks()
    assert [update.message is not None for update in await bot.get_updates()] == [True]


async def test_a_confirmed_update_can_be_repeated(double: TelegramDouble, bot: telegram.Bot) -> None:
    said = await double.user("siti").says("halo")
    assert said.update_id is not None
    assert not await bot.get_updates(offset=said.update_id + 1)
    double.repeats(said.update_id)
    assert [update.update_id for update in await bot.get_updates(offset=said.update_id + 1)] == [
        said.update_id
    ]
    assert not await bot.get_updates(offset=said.update_id + 1)


async def test_two_pollers_conflict(double: TelegramDouble, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.calls("getUpdates"))
    async with _bot(double) as second:
        other = asyncio.create_task(second.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        await double.user("siti").says("halo")
        assert len(await other) == 1


# webhook


class _Hook:
    """A webhook server that answers with the statuses it is given, then 200."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses = statuses
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.url = ""

    async def answer(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[_Hook]:
    import socket

    import uvicorn

    answering = _Hook([])
    config = uvicorn.Config(
        Starlette(routes=[Route("/hook", answering.answer, methods=["POST"])]),
        log_config=None,
        lifespan="off",
        ws="none",
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    answering.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    task = asyncio.create_task(server._serve([listener]))
    try:
        yield answering
    finally:
        server.should_exit = True
        await task


async def test_webhook_is_called_until_it_accepts(
    double: TelegramDouble, bot: telegram.Bot, hook: _Hook
) -> None:
    hook.statuses = [503, 500]
    siti = double.user("siti")
    before = await siti.says("sebelum")
    assert await bot.set_webhook(hook.url, secret_token="rahasia", allowed_updates=["message"])
    after = [await siti.says(str(number)) for number in range(5)]
    await double.until(lambda: not double.world.pending)
    assert [body["update_id"] for body in hook.bodies] == [before.update_id] * 3 + [
        said.update_id for said in after
    ]
    assert set(hook.secrets) == {"rahasia"}
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (hook.url, 0)
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    await siti.says("lagi")
    assert len(await bot.get_updates()) == 1


async def test_webhook_waits_for_its_server(double: TelegramDouble, bot: telegram.Bot, hook: _Hook) -> None:
    assert await bot.set_webhook("http://127.0.0.1:9/nobody")
    siti = double.user("siti")
    await siti.says("halo")
    await double.until(lambda: double.world.webhook_errors or None)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    assert await bot.set_webhook(hook.url)
    await double.until(lambda: not double.world.pending)
    assert hook.secrets == [None]


async def test_webhook_addresses_are_checked(double: TelegramDouble, bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="https"):
        await bot.set_webhook("http://desmi.example/hook")
    with pytest.raises(BadRequest, match="unallowed"):
        await bot.set_webhook("https://desmi.example/hook", secret_token="rahasia banget")


# refusals, in the server's words

TEXTS = [
    ("<b>tebal", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ("é<foo>x</foo>", 'can\'t parse entities: Unsupported start tag "foo" at byte offset 2'),
    ("a < b", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
    (
        "<b><i>x</b></i>",
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
    ("<b x", "can't parse entities: Unclosed start tag at byte offset 0"),
    ("<span>x</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<br>", 'can\'t parse entities: Unsupported start tag "br" at byte offset 0'),
    ("", "message text is empty"),
    (" <b> </b>\n", "message text is empty"),
    ("x" * 4097, "message is too long"),
    ("😀" * 2049, "message is too long"),
]


@pytest.mark.parametrize(
    ("text", "reason"), TEXTS, ids=[reason[:40] + str(n) for n, (_, reason) in enumerate(TEXTS)]
)
async def test_refused_texts(double: TelegramDouble, text: str, reason: str) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    answer = await _post(double, "sendMessage", chat_id=siti.id, text=text, parse_mode="HTML")
    assert (answer.status_code, answer.json()) == (
        400,
        {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"},
    )
    assert not siti.replies


def test_html_as_telegram_reads_it() -> None:
    assert parse_html("a &lt;b&gt; &copy; &#33; &") == ("a <b> &copy; ! &", [])
    assert parse_html("  <b>😀 <i>x</i></b> ") == (
        "😀 x",
        [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 3, "length": 1}],
    )
    assert parse_html("<B>x</B>")[1] == [{"type": "bold", "offset": 0, "length": 1}]
    assert parse_html('<a href="https://x.test/?a=1&amp;b=2">y</a>')[1][0]["url"] == "https://x.test/?a=1&b=2"
    assert parse_html("<blockquote expandable>x</blockquote>")[1][0]["type"] == "expandable_blockquote"
    assert units("😀x") == 3


async def test_the_longest_text_passes(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    assert (await bot.send_message(siti.id, f"<b>{'😀' * 2048}</b>", parse_mode="HTML")).text == "😀" * 2048


MARKUPS: list[tuple[Any, str]] = [
    ({"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}, "BUTTON_DATA_INVALID"),
    ({"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}, "BUTTON_DATA_INVALID"),
    (
        {"inline_keyboard": [[{"text": "x"}]]},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    (
        {"inline_keyboard": [[{"text": "x", "url": "bukan alamat"}]]},
        "inline keyboard button URL 'bukan alamat' is invalid: Wrong HTTP URL",
    ),
    ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 8] * 13}, "reply markup is too long"),
    ("{bukan json", "can't parse reply keyboard markup JSON object"),
]


@pytest.mark.parametrize(("markup", "reason"), MARKUPS, ids=range(len(MARKUPS)))
async def test_refused_keyboards(double: TelegramDouble, markup: Any, reason: str) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    answer = await _post(double, "sendMessage", chat_id=siti.id, text="x", reply_markup=markup)
    assert (answer.status_code, answer.json()["description"]) == (400, f"Bad Request: {reason}")


async def test_location_is_asked_in_private_only(double: TelegramDouble, bot: telegram.Bot) -> None:
    markup = ReplyKeyboardMarkup([[KeyboardButton("x", request_location=True)]])
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(double.group("RT 05").id, "x", reply_markup=markup)


async def test_tokens(double: TelegramDouble) -> None:
    assert (await _post(double, "getMe", token="salah")).json() == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }
    assert (await _post(double, "getMe", token="99:x_-Y")).json()["result"]["id"] == 99
    assert (await _post(double, "tidakAda")).json()["description"] == "Not Found: method not found"
    async with TelegramDouble(token=TOKEN) as strict:
        assert (await _post(strict, "getMe")).status_code == 200
        assert (await _post(strict, "GETME", token="123456:ABD")).json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
        refused = _bot(strict, "1:x")
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
    sent = await bot.send_message(siti.id, "<b>x</b>", parse_mode="HTML", reply_markup=_button("A", "a"))
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text(
            "<b>x</b>", siti.id, sent.message_id, parse_mode="HTML", reply_markup=_button("A", "a")
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
    await bot.send_message(siti.id, "x", reply_markup=_button("Ya", "y"))
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


# faults


async def test_faults_that_answer(double: TelegramDouble, bot: telegram.Bot) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    flooded = double.floods(retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(siti.id, "1")
    assert caught.value.retry_after == timedelta(seconds=7)
    assert (flooded.hits, siti.replies) == (1, [])
    double.conflicts()
    with pytest.raises(Conflict):
        await bot.get_updates()
    double.breaks("sendMessage", 502, times=2, after=1, html=True)
    assert await bot.send_message(siti.id, "1")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(siti.id, "2")
    assert await bot.send_message(siti.id, "3")
    assert [message.text for message in siti.replies] == ["1", "3"]
    double.breaks(times=-1, chat_id=siti.id)
    with pytest.raises(NetworkError):
        await bot.send_message(siti.id, "4")
    double.faults.lift()
    assert await bot.send_message(siti.id, "5")


async def test_faults_of_the_connection(double: TelegramDouble) -> None:
    siti = double.user("siti")
    await siti.says("halo")
    request = HTTPXRequest(read_timeout=0.3)
    async with telegram.Bot(TOKEN, base_url=double.base_url, request=request) as bot:
        double.hangs("sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(siti.id, "digantung")
        double.loses("sendMessage")
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(siti.id, "hilang")
        assert not isinstance(caught.value, TimedOut)
        double.drops("sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(siti.id, "putus")
        assert [message.text for message in siti.replies] == ["digantung", "hilang"]
        assert [call.fault for call in double.calls("sendMessage")] == ["hang", "lose", "drop"]
        await double.goes_down()
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(siti.id, "mati")
        assert isinstance(caught.value.__cause__, httpx.ConnectError)
        await double.comes_up()
        assert await bot.send_message(siti.id, "hidup")


async def test_a_double_ends_with_calls_hanging() -> None:
    async with TelegramDouble() as double:
        double.hangs("getMe")
        hanging = asyncio.create_task(_post(double, "getMe"))
        polling = asyncio.create_task(_post(double, "getUpdates", timeout=50))
        await double.until(lambda: len(double.calls()) == 2)
    with pytest.raises(httpx.HTTPError):
        await hanging
    await asyncio.gather(polling, return_exceptions=True)


# limits


def _calls(*clocks: float, chat_id: int = 1) -> list[Call]:
    return [
        Call(n, "sendMessage", {"chat_id": str(chat_id)}, clock, clock, ok=True)
        for n, clock in enumerate(clocks)
    ]


def test_flood_report() -> None:
    assert flood.report(_calls(0, 0, 0, 0, 1, 2, 3)).kept
    assert flood.report(_calls(0, 0, 0, 0, 0)).too_fast_chats == {1: 1}
    assert flood.report(_calls(0, 0.95, 1.95), burst=1).kept
    assert flood.report(_calls(0, 0.5), burst=1).too_fast_chats == {1: 1}
    spread = [Call(n, "sendMessage", {"chat_id": str(n)}, 0, n / 64, ok=True) for n in range(80)]
    report = flood.report(spread)
    assert (report.worst_second, report.kept, report.too_fast_chats) == (64, False, {})
    assert flood.report(spread[:30]).kept
    assert flood.report([Call(0, "sendChatAction", {"chat_id": "1"}, 0, 0, ok=True)] * 9).sends == 0


async def test_limits_enforced() -> None:
    async with TelegramDouble(enforce=True, burst=2) as double, _bot(double) as bot:
        siti = double.user("siti")
        await siti.says("halo")
        await bot.send_message(siti.id, "1")
        await bot.send_message(siti.id, "2")
        with pytest.raises(RetryAfter):
            await bot.send_message(siti.id, "3")
        await bot.send_chat_action(siti.id, "typing")
        assert double.flood_report().kept


# as a process


async def test_as_a_process() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.telegram_double",
        "--username",
        "lain_bot",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = json.loads(await process.stdout.readline())["url"]
        async with (
            httpx.AsyncClient(base_url=f"{url}/control", trust_env=False) as control,
            telegram.Bot(TOKEN, base_url=f"{url}/bot") as bot,
        ):
            assert bot.username == "lain_bot"
            said = (await control.post("/users/siti/says", json={"text": "halo"})).json()
            [update] = await bot.get_updates()
            assert update.update_id == said["update_id"]
            sent = await bot.send_message(said["chat_id"], "ya", reply_markup=_button("A", "a"))
            seen = (await control.get("/users/siti/events", params={"wait": 5, "kind": "message"})).json()
            assert [event["message"]["text"] for event in seen["events"]] == ["ya"]
            assert (await control.get("/users/siti/events", params={"after": seen["next"]})).json()[
                "events"
            ] == []
            assert "query" in (await control.post("/users/siti/taps", json={"button": "A"})).json()
            assert (await control.post("/users/siti/taps", json={"button": "B"})).status_code == 400
            assert (
                await control.post("/users/siti/edits", json={"message": said["message_id"], "text": "hai"})
            ).status_code == 200
            assert (await control.post("/users/siti/sends_voice")).status_code == 200
            assert (await control.post("/users/siti/membangkang")).status_code == 404
            many = (
                await control.post("/says", json=[{"user": f"u{n}", "text": "x"} for n in range(3)])
            ).json()["said"]
            assert len({line["chat_id"] for line in many}) == 3
            await control.post("/groups/RT/says", json={"user": "siti", "text": "y"})
            await control.post("/updates", json={"kind": "poll", "body": {"aneh": 1}})
            await control.post("/repeat", json={"update_id": said["update_id"]})
            assert (
                await control.post("/faults", json={"kind": "flood", "method": "sendMessage"})
            ).status_code == 200
            assert (await control.post("/faults", json={"kind": "gempa"})).status_code == 400
            with pytest.raises(RetryAfter):
                await bot.send_message(sent.chat_id, "lagi")
            await control.delete("/faults")
            calls = (await control.get("/calls", params={"method": "sendMessage"})).json()["calls"]
            assert [call["code"] for call in calls] == [200, 429]
            assert (await control.get("/flood", params={"burst": 1})).json()["kept"]
            state = (await control.get("/state")).json()
            updates = (await control.get("/updates")).json()["updates"]
            assert state["pending"] == [update["update_id"] for update in updates]
            assert (await control.get("/events")).json()["next"] == 1
            await control.post("/reset")
            assert (await control.get("/state")).json()["calls"] == 0
            await control.post("/down", json={"seconds": 0.2})
            refused = False
            for _ in range(600):
                try:
                    assert (await control.get("/health")).json() == {"ok": True}
                    if refused:
                        break
                except httpx.TransportError:
                    refused = True
                await asyncio.sleep(0.01)
            else:
                raise AssertionError("did not go down and come back")
    finally:
        process.terminate()
        assert await process.wait() == 0
