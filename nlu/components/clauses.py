"""Cutting a message into clauses that may be questions of their own. No Rasa here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

LEXICON = Path(__file__).resolve().parent.parent / "lexicon" / "clauses.yml"

MOST = 6
"""Most clauses of a message that are read apart."""
LONG_WORDS = 25
"""From this length on a message is a story: its questions are read apart even where there is only one."""
_LONGEST_TEXT = 20_000
_CLAUSE_WORDS = 40
_STOPS = r"[.?!;,\n]+(?=\s|$)|\n+|\s-\s|(?<=\s)\d[.)]\s"


class Clauses:
    """Cuts messages."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """`raw`: the lists of clauses.yml."""
        joints = "|".join(re.escape(word) for word in sorted(raw["joints"], key=len, reverse=True))
        self._cut = re.compile(rf"({_STOPS}|(?<!\S)(?:{joints})(?!\S))", re.IGNORECASE)
        self._asking = frozenset(raw["asking"])

    @classmethod
    def read(cls) -> Clauses:
        """Read the project's lists."""
        return cls(yaml.safe_load(LEXICON.read_text("utf-8")))

    def questions(self, text: str) -> list[str]:
        """The clauses that ask something, at most `MOST`, in their order.

        What asks nothing belongs to the clause after it ("KTP dan KK | beda nama gimana" stays whole), and a
        single word is never a clause. Empty unless there are two, or the message is a story.
        """
        text = text[:_LONGEST_TEXT]
        pieces: list[str] = []
        held = ""
        for number, part in enumerate(self._cut.split(text)):
            if number % 2:
                held += part if held.strip() else ""
                continue
            whole = f"{held}{part}"
            if self._asks(part):
                pieces.append(whole.strip(" ,.;\n\t"))
                held = ""
            else:
                held = whole
        story = len(text.split()) >= LONG_WORDS
        if held.strip() and pieces and not story:
            pieces[-1] = f"{pieces[-1]} {held.strip()}"
        found = [_trimmed(piece) for piece in pieces]
        if len(found) < 2 and not story:
            return []
        # people put the question first or last
        return found if len(found) <= MOST else [*found[: MOST // 2], *found[-(MOST // 2) :]]

    def _asks(self, part: str) -> bool:
        words = re.findall(r"[^\W_]+", part.lower())
        return len(words) >= 2 and any(word in self._asking for word in words)


def _trimmed(piece: str) -> str:
    """The end of a long clause: what is asked stands there."""
    return " ".join(piece.split()[-_CLAUSE_WORDS:])
