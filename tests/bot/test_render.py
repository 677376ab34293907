import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.render import escape, plain, render, split
from core.replies import Choice, File, Reply, Source, Venue
from core.topics import topics
from tests.bot.fakes import SOURCE

TODAY = date(2026, 11, 24)
ANSWER = Reply(
    "Paspor <24> halaman & lain",
    topic="documents/passport",
    sources=(SOURCE, Source("B", "", "", ""), Source("C", "x", "", "")),
    checked="2026-11-23",
    review_by="2027-05-01",
    related=("documents/checklist", "no/such", "documents/passport", "task/find_centre", "money/salary"),
)


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in {"i", "a"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def check_markup(text):
    parser = Balanced()
    parser.feed(text)
    parser.close()
    assert not parser.open


def data(call):
    return [[b["callback_data"] for b in row] for row in call["reply_markup"]["inline_keyboard"]]


def test_answer_shows_sources_and_the_day_checked():
    (call,) = render(ANSWER, "id", feedback=9, today=TODAY)
    assert call["parse_mode"] == "HTML"
    assert call["link_preview_options"] == {"is_disabled": True}
    assert call["text"].startswith("Paspor &lt;24&gt; halaman &amp; lain\n\n<i>")
    assert '<a href="https://example.org/a?b=1&amp;c=2">Panduan</a> (KP2MI, April 2025); B' in call["text"]
    assert "diperiksa 23 November 2026" in call["text"]
    assert "C" not in plain(call["text"]).split("Sumber")[1]
    assert "mungkin sudah berubah" not in call["text"]
    rows = data(call)
    assert rows[0] == ["1:t:documents/checklist"]
    assert rows[1] == ["1:k:find_centre"]
    assert rows[-1] == ["1:f:+:9", "1:f:-:9"]


def test_stale_answer_says_so():
    (call,) = render(ANSWER, "id", today=date(2028, 1, 1))
    assert "mungkin sudah berubah sejak 23 November 2026" in call["text"]
    assert not any("1:f:" in d for row in data(call) for d in row)


def test_a_menu_asks_no_feedback():
    (call,) = render(Reply("Menu", buttons=((Choice("A", "1:m:"),),)), "id", feedback=9)
    assert data(call) == [["1:m:"]]


def test_a_button_telegram_would_refuse_is_left_out(caplog):
    row = (Choice("a", "x" * 65), Choice("b", "ä" * 33), Choice("c", "ok"))
    (call,) = render(Reply("Menu", buttons=(row,)), "id")
    assert data(call) == [["ok"]]
    assert len(caplog.records) == 2


def test_pin():
    calls = render(Reply("", venue=Venue("Balai", "Kec. X", -6.5, 108.1)), "id")
    assert calls == [
        {"method": "send_venue", "latitude": -6.5, "longitude": 108.1, "title": "Balai", "address": "Kec. X"}
    ]
    both = render(
        Reply("Teks", venue=Venue("Balai", "", -6.5, 108.1), buttons=((Choice("A", "1:m:"),),)), "id"
    )
    assert [c["method"] for c in both] == ["send_message", "send_venue"]
    assert "reply_markup" in both[0]
    assert both[1]["address"] == "-"


def test_nothing_to_show_is_no_call():
    assert render(Reply(""), "id") == []


def test_share_location_keyboard():
    (call,) = render(Reply("Di mana?", ask_location=True), "id", edit=5)
    assert call["method"] == "send_message", "an edit can hold no reply keyboard"
    markup = call["reply_markup"]
    assert markup["one_time_keyboard"]
    assert markup["resize_keyboard"]
    assert markup["keyboard"][0][0]["request_location"]
    assert markup["input_field_placeholder"] == "ketik nama desa"
    two = render(Reply("Di mana?", buttons=((Choice("A", "1:m:"),),), ask_location=True), "id")
    assert "inline_keyboard" in two[0]["reply_markup"]
    assert "keyboard" in two[1]["reply_markup"]


def test_keyboard_is_taken_away():
    button = ((Choice("A", "1:m:"),),)
    first, second = render(Reply("Baik.\n\nPilih:", buttons=button), "id", remove_keyboard=True)
    assert first["reply_markup"] == {"remove_keyboard": True}
    assert first["text"] == "Baik."
    assert data(second) == [["1:m:"]]
    (only,) = render(Reply("Baik."), "id", remove_keyboard=True)
    assert only["reply_markup"] == {"remove_keyboard": True}


def test_edit_in_place():
    (call,) = render(Reply("Menu", buttons=((Choice("A", "1:m:"),),)), "id", edit=77)
    assert call["method"] == "edit_message_text"
    assert call["message_id"] == 77


@pytest.mark.parametrize("lang", ["id", "jv", "su", "en", "xx"])
def test_every_language_renders(lang):
    assert render(ANSWER, lang, feedback=1, today=TODAY)


def test_long_text_is_cut_on_paragraphs_and_buttons_come_last():
    paragraphs = [f"{n} " + "kata " * 100 for n in range(30)]
    reply = Reply("\n\n".join(paragraphs), buttons=((Choice("A", "1:m:"),),), sources=(SOURCE,))
    calls = render(reply, "id")
    assert len(calls) > 2
    assert all(limits.units(c["text"]) <= limits.TEXT_UNITS for c in calls)
    assert [bool(c.get("reply_markup")) for c in calls] == [False] * (len(calls) - 1) + [True]
    assert all(re.match(r"\d+ kata", c["text"]) for c in calls)


@given(st.text(max_size=300), st.integers(8, 60))
def test_split_loses_no_word(text, limit):
    parts = split(text, limit)
    assert all(limits.units(escape(part)) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50))
def test_any_text_is_whole_html(text, title, publisher):
    reply = Reply(
        text, sources=(Source(title, publisher, "https://x/" + title, "2020"),), checked="2026-01-02"
    )
    for call in render(reply, "id"):
        check_markup(call["text"])
    assert plain(escape(text)) == text.encode("utf-8", "replace").decode()


def test_every_topic_makes_a_button():
    for name in topics():
        render(Reply("x", related=(name,)), "id")


def test_a_file_follows_its_text_as_a_document():
    file = File("D-BCDF-GHJK.pdf", "application/pdf", b"%PDF-\x00\xff")
    reply = Reply("ringkasan", buttons=((Choice("ya", "1:m:"),),), file=file)
    text, document = render(reply, "id")
    assert "reply_markup" in text
    assert document == {"method": "send_document", "document": "JVBERi0A/w==", "filename": "D-BCDF-GHJK.pdf"}
    assert Reply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply
    assert [call["method"] for call in render(Reply("", file=file), "id")] == ["send_document"]
