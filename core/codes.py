"""Codes: what stands behind a button. Short, versioned, and the only thing that may steer a conversation.

A code is `1:<kind>:<value>`; Telegram allows 64 bytes (https://core.telegram.org/bots/api, callback_data).
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "1"
MAX_BYTES = 64


class Kind(StrEnum):
    """What a tap asks for; the letter is what goes over the wire."""

    TOPIC = "t"
    """Answer the topic `theme/topic`."""
    THEME = "m"
    """Show the topics of a theme; an empty value is the main menu."""
    TASK = "k"
    """Start the task `task/<value>`."""
    PLACE = "p"
    """Take the area with this code as the place asked for."""
    HELPFUL = "f"
    """Feedback: `+` or `-`, a colon, the id of the outgoing message."""
    LANGUAGE = "l"
    """Answer in this language from now on."""
    ERASE = "x"
    """Erase my data: `yes`, `no`, or `now` without a question back."""
    STEP = "s"
    """Go on in a task: `<task>:<what was chosen>`."""
    CONSENT = "c"
    """Use of one's texts to improve Desmi: `yes`, `no`, or `show`."""


@dataclass(frozen=True, slots=True)
class Code:
    """A button's meaning."""

    kind: Kind
    value: str = ""

    def __str__(self) -> str:
        text = f"{VERSION}:{self.kind.value}:{self.value}"
        if len(text.encode()) > MAX_BYTES:
            raise ValueError(f"button code over {MAX_BYTES} bytes: {text!r}")
        return text


def parse_code(data: str) -> Code | None:
    """Read a button's code; None for what an old version or another hand wrote."""
    version, _, rest = data.partition(":")
    kind, separator, value = rest.partition(":")
    if version != VERSION or not separator or len(data.encode("utf-8", "replace")) > MAX_BYTES:
        return None
    try:
        return Code(Kind(kind), value)
    except ValueError:
        return None
