"""Two models beside each other on the held-out sentences: by theme, language and register, and what changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.learning.sentences import Measured
from core.topics import EMERGENCIES

TOLERANCE = 0.005
"""Share of the questions by which a model may be worse before it counts as worse: half a point, which is noise."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Right answers of `count` sentences, before and after; `kind` is all, part, theme, language, register or danger."""

    kind: str
    name: str
    count: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Change:
    """A held-out sentence that is answered otherwise; its text stays unread, for nobody may teach from it."""

    topic: str
    before: str
    after: str
    language: str


@dataclass(frozen=True, slots=True)
class Move:
    """A person's message that is answered otherwise; the text stays with the row it comes from."""

    source: str
    """`correction` or `message`."""
    id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a candidate is better and worse at; `worse` names the slices that forbid to accept it."""

    slices: tuple[Slice, ...]
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    worse: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Comparison":
        """Undo `to_dict`."""
        return cls(
            tuple(Slice(**one) for one in value["slices"]),
            tuple(Change(**one) for one in value["changes"]),
            tuple(Move(**one) for one in value["moves"]),
            tuple(value["worse"]),
        )

    def of_kind(self, kind: str) -> list[Slice]:
        """The slices of one kind."""
        return [one for one in self.slices if one.kind == kind]


def _groups(row: Measured) -> list[tuple[str, str]]:
    """(kind, name) of the slices that a sentence belongs to."""
    if row.part != "questions":
        return [("part", row.part)]
    groups = [("all", "questions"), ("theme", row.topic.partition("/")[0]), ("language", row.language)]
    groups.append(("register", row.register))
    return [*groups, ("danger", "emergencies")] if row.topic in EMERGENCIES else groups


def _right(row: Measured, topic: str) -> bool:
    if row.part == "lookalikes":
        # the harm is an alarm; which of the other topics it was says the theme
        return topic not in EMERGENCIES
    if row.topic in EMERGENCIES:
        return topic in EMERGENCIES
    return topic == row.topic


def compare(
    rows: Sequence[Measured], before: Sequence[str], after: Sequence[str], moves: Sequence[Move] = ()
) -> Comparison:
    """Compare the topics that two models give to the held-out sentences.

    An emergency counts as right when any emergency is answered, out-of-scope text when it is declined, a look-alike
    when it is not taken for an emergency.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row, old, new in zip(rows, before, after, strict=True):
        for group in _groups(row):
            count = counts[group]
            count[0] += 1
            count[1] += _right(row, old)
            count[2] += _right(row, new)
    slices = tuple(Slice(kind, name, *numbers) for (kind, name), numbers in counts.items())
    changes = tuple(
        Change(row.topic, old, new, row.language)
        for row, old, new in zip(rows, before, after, strict=True)
        if old != new
    )
    return Comparison(slices, changes, tuple(moves), tuple(one.name for one in slices if _worse(one)))


def _worse(one: Slice) -> bool:
    lost = one.before - one.after
    if one.kind == "danger":
        return lost > 0  # one missed emergency is one too many
    return one.kind in ("all", "part") and lost > max(1, one.count * TOLERANCE)
