"""What may not be taught, and why: near copies of what is there, held-out text, texts with masked parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rapidfuzz import fuzz, process

from core.learning.sentences import Sentence, held_out, plain, training

Reason = Literal["empty", "long", "marks", "same", "near", "other_topic", "held_out"]

ALIKE = 90.0
"""Share of equal letters, in per cent, from which two sentences count as one: that of the check on held-out copies
in `docs/decisions/0003-understanding.md`."""
SHARED_WORDS = 4
"""From so many words in common, two sentences of a topic that differ by one word count as one."""
LONGEST = 400
"""Characters; the longest training sentences are stories of 60 words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sentence is not taught. `near` is the sentence in the way, never a held-out one; `topic` is its topic."""

    reason: Reason
    near: str = ""
    topic: str = ""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Refusal":
        """Undo `to_dict`."""
        return cls(**value)


def refusal(text: str, topic: str, waiting: Iterable[Sentence] = ()) -> Refusal | None:
    """Why `text` cannot be taught for `topic` beside `nlu/` and the sentences `waiting`; None if it can."""
    key = plain(text)
    if not any(c.isalpha() for c in key):
        return Refusal("empty")
    if len(text) > LONGEST:
        return Refusal("long")
    if any(mark in text for mark in "[](){}|\n"):
        # Rasa reads them as marks of an entity, and masked parts stand in brackets
        return Refusal("marks")
    if _closest(key, [plain(held) for held in held_out()]) is not None:
        return Refusal("held_out")
    known = [*training(), *waiting]
    keys = [plain(sentence.text) for sentence in known]
    for number, other in enumerate(keys):
        if other == key:
            same = known[number]
            return Refusal("same" if same.topic == topic else "other_topic", same.text, same.topic)
    mine = [number for number, sentence in enumerate(known) if sentence.topic == topic]
    found = _closest(key, [keys[number] for number in mine])
    if found is None:
        found = _one_word_off(key, [keys[number] for number in mine])
    return None if found is None else Refusal("near", known[mine[found]].text, topic)


def _closest(key: str, keys: Sequence[str]) -> int | None:
    for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
        if best := process.extractOne(key, keys, scorer=scorer, score_cutoff=ALIKE):
            return int(best[2])
    return None


def _one_word_off(key: str, keys: Sequence[str]) -> int | None:
    words = set(key.split())
    for number, other in enumerate(keys):
        others = set(other.split())
        if len(words & others) >= SHARED_WORDS and max(len(words - others), len(others - words)) <= 1:
            return number
    return None
