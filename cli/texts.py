"""Text tools of the command line."""

from typing import BinaryIO

from core.hotlines import hotlines
from core.redaction import redact


def known_numbers() -> frozenset[str]:
    """Numbers that must stay readable: the hotlines."""
    return hotlines().numbers()


def redact_stream(source: BinaryIO, target: BinaryIO) -> None:
    """Mask a stream line by line, so that nothing grows with its length."""
    keep = known_numbers()
    for raw in source:
        line = raw.decode("utf-8", "replace")
        body = line.rstrip("\r\n")
        target.write((redact(body, keep=keep) + line[len(body) :]).encode("utf-8", "replace"))
    target.flush()
