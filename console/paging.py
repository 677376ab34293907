"""Keyset paging: a page goes on after the last row seen, whatever came in meanwhile, and is found by an index."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

PAGE_ROWS = 40


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows of one page, and the key of the next; `following` is empty on the last page."""

    rows: Sequence[Row]
    following: str


def cut(
    rows: Sequence[Row], key: Callable[[Row], Sequence[str | int | float]], size: int = PAGE_ROWS
) -> Slice[Row]:
    """A page out of up to `size` + 1 rows; `key` gives the sort values of a row."""
    more = len(rows) > size
    shown = rows[:size]
    return Slice(shown, pack(key(shown[-1])) if more else "")


def pack(values: Sequence[str | int | float]) -> str:
    """Sort values as one word of an address."""
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def unpack(word: str, *kinds: type) -> list[str | int | float] | None:
    """Undo `pack`; None where the word is empty or not of these kinds, which gives the first page."""
    try:
        values = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        return None
    return values
