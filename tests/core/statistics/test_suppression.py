"""No number of fewer than five people is shown, nor can it be found by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from core.statistics.suppression import COVER, FEW, LEAST, Cell, Count, percent, protect, protect_parts

counts = st.builds(
    lambda people, more: Count(people + more if people else 0, people), st.integers(0, 12), st.integers(0, 30)
)


@given(st.lists(counts, max_size=12))
def test_nothing_small_is_shown_or_can_be_found_by_subtraction(column: list[Count]) -> None:
    cells = protect(column)
    for count, cell in zip(column, cells, strict=True):
        assert cell.value in (None, count.events)
        if cell.value is not None:
            assert count.people == 0 or count.people >= LEAST
        assert cell.hidden != COVER or count.events >= LEAST
    hidden = [count for count, cell in zip(column, cells, strict=True) if cell.value is None]
    if hidden and any(cell.value for cell in cells):
        # what is left of the total once all that is shown was taken away
        assert len(hidden) > 1
        assert sum(count.events for count in hidden) >= LEAST


@given(st.lists(st.tuples(counts, st.integers(0, 12)), min_size=1, max_size=12))
def test_what_is_left_of_a_whole_is_not_small_either(rows: list[tuple[Count, int]]) -> None:
    parts = [part for part, _rest in rows]
    wholes = [Count(part.events + rest, part.people + rest) for part, rest in rows]
    cells = protect_parts(parts, wholes)
    for cell, part, whole in zip(cells, parts, wholes, strict=True):
        if cell.value:
            assert not 0 < whole.events - part.events < LEAST


def test_examples() -> None:
    shown = protect([Count(100, 40), Count(3, 3), Count(20, 9)])
    assert [str(cell) for cell in shown] == ["100", FEW, COVER]
    assert [str(cell) for cell in protect([Count(100, 40), Count(), Count(20, 5)])] == ["100", "0", "20"]
    assert [str(cell) for cell in protect([Count(50, 1)])] == [FEW]
    assert percent(Cell(20), Cell(80)) == 25
    assert percent(Cell(None, FEW), Cell(80)) is None
    assert percent(Cell(0), Cell(0)) is None
