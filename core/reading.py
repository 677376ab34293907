"""Reads a typed line as the bot would take it in: masked, and checked for danger."""

from dataclasses import replace

from core.guard import Guard
from core.redaction import redact
from core.turns import Turn, typed


def read_text(text: str, guard: Guard, keep: frozenset[str]) -> Turn:
    """A typed line as a turn; numbers in `keep` stay readable."""
    danger = guard.check(text)
    turn = typed(text)
    masked = replace(turn, text=redact(turn.text, keep=keep), argument=redact(turn.argument, keep=keep))
    return replace(masked, danger=danger.topic if danger else None)
