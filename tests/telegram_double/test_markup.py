"""Texts and keyboards: HTML as the real server reads it, and its words for what it refuses."""

from typing import Any

import pytest
import telegram
from telegram import KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest

from tests.telegram_double import TelegramDouble
from tests.telegram_double.clients import post
from tests.telegram_double.markup import parse_html, units

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
    answer = await post(double, "sendMessage", chat_id=siti.id, text=text, parse_mode="HTML")
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
    answer = await post(double, "sendMessage", chat_id=siti.id, text="x", reply_markup=markup)
    assert (answer.status_code, answer.json()["description"]) == (400, f"Bad Request: {reason}")


async def test_location_is_asked_in_private_only(double: TelegramDouble, bot: telegram.Bot) -> None:
    markup = ReplyKeyboardMarkup([[KeyboardButton("x", request_location=True)]])
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(double.group("RT 05").id, "x", reply_markup=markup)
