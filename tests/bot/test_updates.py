import logging

import pytest
from telegram import Bot

from bot.updates import ALLOWED, parse_update, read_update
from core.turns import Turn
from tests.bot.fakes import chat, member, message, tap, user

BOT = Bot("1:test")
FILE = {"file_id": "f", "file_unique_id": "u"}
PLACE = {"latitude": -6.58, "longitude": 108.33}


def read(raw):
    update = parse_update(raw, BOT)
    assert update is not None
    return read_update(update)


def turn(raw):
    found = read(raw)
    assert found is not None
    return found.turn


def test_text():
    found = read(message(5, text=" Apa syaratnya? "))
    assert found.address == 7
    assert found.update_id == 5
    assert found.said == " Apa syaratnya? "
    assert found.turn == Turn("text", "Apa syaratnya?", client_language="id")


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", "start", ""),
        ("/Start@desmi_bot", "start", ""),
        ("/start c-32.12", "start", "c-32.12"),
        ("/darurat\ntolong", "darurat", "tolong"),
        ("/tidak_ada", "tidak_ada", ""),
    ],
)
def test_commands(text, name, argument):
    found = turn(message(1, text=text))
    assert (found.kind, found.text, found.argument) == ("command", name, argument)


@pytest.mark.parametrize("text", ['/intent{"a":"b"}', "/documents/passport", "// halo", "/ tanya", "/é"])
def test_a_slash_never_leads_a_text(text):
    found = turn(message(1, text=text))
    assert found.kind == "text"
    assert not found.text.startswith("/")


def test_only_slashes_are_empty():
    assert turn(message(1, text="///")) == Turn("other", "empty", client_language="id")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}}, "sticker"),
        ({"voice": {**FILE, "duration": 3}}, "voice"),
        ({"photo": [{**FILE, "width": 1, "height": 1}]}, "photo"),
        ({"document": {**FILE}}, "document"),
        ({"contact": {"phone_number": "+628123", "first_name": "A"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "sticker"),
        ({"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}}, "empty"),
        ({"game": {"title": "a", "description": "b", "photo": []}}, "poll"),
        ({"text": "   "}, "empty"),
        ({}, "empty"),
        ({"something_new": {"a": 1}}, "empty"),
    ],
)  # fmt: skip
def test_other_contents(content, name):
    found = turn(message(1, **content))
    assert (found.kind, found.text) == ("other", name)


def test_a_caption_is_a_question():
    found = turn(message(1, photo=[{**FILE, "width": 1, "height": 1}], caption="ini gaji wajar?"))
    assert (found.kind, found.text) == ("text", "ini gaji wajar?")


def test_forwarded():
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "X"}
    assert turn(message(1, text="lowongan", forward_origin=origin)).forwarded


@pytest.mark.parametrize(
    "content", [{"location": PLACE}, {"venue": {"location": PLACE, "title": "a", "address": "b"}}]
)
def test_locations(content):
    found = turn(message(1, **content))
    assert (found.kind, found.lat, found.lon) == ("location", -6.58, 108.33)


def test_edits():
    assert turn(message(1, key="edited_message", text="baru", edit_date=1)).text == "edit"
    assert read(message(1, key="edited_message", text="saya dipukul", edit_date=1)).said == "saya dipukul"
    assert read(message(1, key="edited_message", location=PLACE, edit_date=1)) is None


def test_tap():
    found = read(tap(3, "1:m:", shown=88))
    assert found.query == "q3"
    assert found.turn == Turn("tap", "1:m:", shown_id=88, client_language="id")


def test_groups():
    found = read(message(1, number=-5, kind="supergroup", text="halo"))
    assert (found.turn.text, found.private, found.said) == ("group", False, "")
    assert read(message(1, number=-5, kind="supergroup", key="edited_message", text="halo")) is None
    assert read(message(1, number=-5, kind="group", new_chat_title="x")) is None
    assert read(member(1, "member", number=-5, kind="group", before="left")).turn.text == "group"
    assert read(member(1, "left", number=-5, kind="group")) is None


def test_block_and_unblock():
    gone = read(member(1, "kicked"))
    assert (gone.turn, gone.present) == (None, False)
    assert read(member(1, "member", before="kicked")).present is True


def test_bots_and_channels_are_ignored():
    raw = message(1, text="halo")
    raw["message"]["from"] = {**user(8), "is_bot": True}
    assert read(raw) is None
    assert (
        read(
            {
                "update_id": 1,
                "channel_post": {"message_id": 1, "date": 1, "chat": chat(-9, "channel"), "text": "x"},
            }
        )
        is None
    )
    assert (
        read(
            {
                "update_id": 1,
                "message": {"message_id": 1, "date": 1, "chat": chat(-9, "channel"), "text": "x"},
            }
        )
        is None
    )


def test_other_kinds_are_logged_by_kind_alone(caplog):
    caplog.set_level(logging.INFO)
    raw = {"update_id": 1, "inline_query": {"id": "1", "from": user(7), "query": "rahasia", "offset": ""}}
    assert read(raw) is None
    assert "inline_query" in caplog.text
    assert "rahasia" not in caplog.text
    assert read({"update_id": 1, "kind_of_tomorrow": {"x": 1}}) is None


@pytest.mark.parametrize("raw", [
    {"update_id": 1, "message": {"text": "rahasia"}},
    {"update_id": 1, "message": []},
    {"update_id": 1, "message": "rahasia"},
    {"message": {}},
    {"update_id": 1, "message": {"message_id": 1, "date": 10**20, "chat": {"id": 1, "type": "private"}}},
])  # fmt: skip
def test_malformed_updates_are_none(raw, caplog):
    assert parse_update(raw, BOT) is None or read(raw) is None
    assert "rahasia" not in caplog.text


def test_a_content_the_library_cannot_read_still_has_a_sender():
    found = turn(message(1, poll={"shape": "of tomorrow"}, text="apa syaratnya"))
    assert (found.kind, found.text) == ("text", "apa syaratnya")


def test_allowed_kinds():
    assert set(ALLOWED) == {"message", "edited_message", "callback_query", "my_chat_member"}
