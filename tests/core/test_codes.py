"""Codes behind buttons: short, versioned, and nothing else is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import MAX_BYTES, Code, Kind, parse_code
from core.topics import topics


@given(st.sampled_from(Kind), st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_round_trip(kind: Kind, value: str) -> None:
    code = Code(kind, value)
    if len(f"1:{kind.value}:{value}".encode()) > MAX_BYTES:
        with pytest.raises(ValueError, match="over 64 bytes"):
            str(code)
    else:
        assert parse_code(str(code)) == code


@given(st.text())
def test_any_text_is_read_or_refused(data: str) -> None:
    code = parse_code(data)
    assert code is None or str(code) == data


@pytest.mark.parametrize(
    "data", ["", "1", "1:t", "2:t:x", "01:t:x", " 1:t:x", "1:tt:x", "1::x", "1:q:x", "1:t:" + "x" * 61]
)
def test_what_is_no_code(data: str) -> None:
    assert parse_code(data) is None


def test_the_longest_allowed() -> None:
    assert parse_code("1:t:" + "x" * 60) == Code(Kind.TOPIC, "x" * 60)
    assert parse_code("1:f:+:12") == Code(Kind.HELPFUL, "+:12")


def test_every_topic_has_a_code() -> None:
    for topic in topics():
        assert parse_code(str(Code(Kind.TOPIC, topic))) == Code(Kind.TOPIC, topic)


def test_each_kind_has_its_own_letter() -> None:
    assert len({kind.value for kind in Kind}) == len(Kind)
