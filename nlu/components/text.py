"""Text as every component sees it: cleaned, capped, folded."""

import re
import unicodedata

MAX_CHARS = 512
"""Longer text is cut: the encoder's cost grows with length (5,000 letters took 3.6 s)."""

_WORD = re.compile(r"\w+")


def clean(text: str, max_chars: int = MAX_CHARS) -> str:
    """Text without lone surrogates, NUL or control characters, spaces folded, at most `max_chars` long.

    A long message is cut in the middle: people put the question first or last.
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFKC", text)
    text = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[:20_000]).split())
    if len(text) <= max_chars:
        return text
    half = max_chars // 2
    return f"{text[:half].rsplit(' ', 1)[0]} {text[-half:].split(' ', 1)[-1]}"


def words(text: str) -> str:
    """The text's words in lower case, one space between, punctuation gone."""
    return " ".join(_WORD.findall(text.lower()))
