"""Turns: what a person did - wrote, tapped, chose a command, shared a place - before any messenger's form."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@\w*)?(?:\s+(.*))?", re.DOTALL)

TurnKind = Literal["text", "tap", "command", "location", "other"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One redacted action of a person.

    `text` is the redacted text of a `text` turn, the command's name without "/" of a `command` (its
    argument in `argument`), the button code of a `tap`, and what was sent (sticker, voice, photo, edit,
    forward, empty, group ...) of an `other`. `lat` and `lon` of a `location` are coarse, in degrees.
    `shown_id` is the channel's id of the message under whose button a tap came. `danger` is what the
    guard found. `client_language` is the language of the person's app, as the channel tells it.
    """

    kind: TurnKind
    text: str = ""
    argument: str = ""
    lat: float | None = None
    lon: float | None = None
    shown_id: int | None = None
    danger: str | None = None
    client_language: str = ""
    forwarded: bool = False

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Turn":
        """Undo `to_dict`."""
        return cls(**value)


def typed(text: str) -> Turn:
    """A typed message as a turn, not yet masked: `/word ...` is a command, anything else a text.

    A text never begins with "/": to the dialogue engine that would be an order.
    """
    text = text.strip()
    if command := _COMMAND.fullmatch(text):
        return Turn("command", command[1].lower(), argument=command[2] or "")
    return Turn("text", text.lstrip("/ \t\r\n"))
