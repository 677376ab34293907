"""Short messages that mean "stop"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phrases import is_cancel


@pytest.mark.parametrize(
    "text",
    [
        "batal",
        "BATAL",
        " Batal! ",
        "gak jadi...",
        "ora sido",
        "moal jadi",
        "teu jadi",
        "cancel",
        "never mind",
        "stop 🙏",
    ],
)
def test_cancel(text: str) -> None:
    assert is_cancel(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "batal berangkat uang kembali?",
        "kontrak dibatalkan majikan",
        "batal" + " " * 60 + "x",
        "saya berhenti kerja",
    ],
)
def test_no_cancel(text: str) -> None:
    assert not is_cancel(text)


@given(st.text())
def test_any_text(text: str) -> None:
    assert is_cancel(text) in (True, False)
