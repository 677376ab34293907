"""Suppression: no number that fewer than five people stand behind, not even by subtraction."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""A number is shown from so many people on."""
FEW = f"<{LEAST}"
COVER = f"≥{LEAST}"
"""In place of a number of more people that would give a smaller one away by subtraction from the total."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many things, and how many people they are of."""

    events: int = 0
    people: int = 0

    @property
    def few(self) -> bool:
        """Whether it could single somebody out."""
        return 0 < self.people < LEAST or 0 < self.events < LEAST


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it may be shown; `value` is None where it is hidden and `hidden` says with which sign."""

    value: int | None
    hidden: str = ""

    def __str__(self) -> str:
        """As a table without language has it."""
        return self.hidden if self.value is None else str(self.value)


def protect(counts: Sequence[Count]) -> list[Cell]:
    """The cells of a column whose total is known.

    Small numbers are hidden. Where the rest of the total would tell them (one alone is hidden, or all
    hidden together are under five), the smallest others are hidden, too.
    """
    hidden = {place for place, count in enumerate(counts) if count.few}
    others = sorted(
        (place for place, count in enumerate(counts) if count.events and place not in hidden),
        key=lambda place: counts[place].events,
    )
    while hidden and others and (len(hidden) == 1 or sum(counts[p].events for p in hidden) < LEAST):
        hidden.add(others.pop(0))
    return [
        Cell(None, FEW if count.few else COVER) if place in hidden else Cell(count.events)
        for place, count in enumerate(counts)
    ]


def protect_parts(parts: Sequence[Count], wholes: Sequence[Count]) -> list[Cell]:
    """The cells of a column that counts a part of another column, row by row.

    A part is hidden also where what is left of its whole is small.
    """
    cells = protect(parts)
    return [
        Cell(None, COVER) if cell.value and 0 < whole.events - part.events < LEAST else cell
        for cell, part, whole in zip(cells, parts, wholes, strict=True)
    ]


def percent(part: Cell, whole: Cell) -> int | None:
    """The share in whole percent; None where one of both is hidden or there is nothing."""
    if part.value is None or not whole.value:
        return None
    return round(100 * part.value / whole.value)
