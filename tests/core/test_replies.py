"""Replies and turns survive the way through JSON."""

import json
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from core.replies import Choice, Reply, Source, Venue
from core.turns import Turn

words = st.text(max_size=30)
maybe = st.none() | words
degrees = st.floats(-180, 180)
replies = st.builds(
    Reply,
    text=words,
    buttons=st.lists(st.lists(st.builds(Choice, words, words), max_size=3).map(tuple), max_size=3).map(tuple),
    venue=st.none() | st.builds(Venue, words, words, degrees, degrees),
    topic=maybe,
    sources=st.lists(st.builds(Source, words, words, words, words), max_size=3).map(tuple),
    checked=maybe,
    review_by=maybe,
    related=st.lists(words, max_size=3).map(tuple),
    ask_location=st.booleans(),
)


@given(replies)
def test_a_reply_comes_back_whole(reply: Reply) -> None:
    assert Reply.from_dict(reply.to_dict()) == reply
    assert Reply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply


def test_missing_keys_take_their_defaults() -> None:
    assert Reply.from_dict({}) == Reply("")
    assert Reply.from_dict({"text": None, "buttons": None, "sources": None, "related": None}) == Reply("")
    source = {"title": "a", "publisher": "b"}
    assert Reply.from_dict({"text": "x", "sources": [source]}).sources == (Source("a", "b", "", ""),)


@given(st.builds(Turn, kind=st.sampled_from(["text", "tap", "command", "location", "other"]), text=words,
                 argument=words, lat=st.none() | degrees, lon=st.none() | degrees, shown_id=st.none() | st.integers(),
                 danger=maybe, client_language=words, forwarded=st.booleans()))  # fmt: skip
def test_a_turn_comes_back_whole(turn: Turn) -> None:
    assert Turn.from_dict(json.loads(json.dumps(turn.to_dict()))) == turn
    assert set(turn.to_dict()) == {field.name for field in fields(Turn)}
