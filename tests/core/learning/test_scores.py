"""Two models beside each other."""

from core.learning.scores import Change, Comparison, Move, Slice, compare
from core.learning.sentences import Measured, measured
from core.topics import topics

ROWS = [
    Measured("a", "documents/passport", "id", "plain", "questions"),
    Measured("b", "documents/work_visa", "jv", "slang", "questions"),
    Measured("c", "help/abuse", "id", "plain", "questions"),
    Measured("d", "bot/out_of_scope", "id", "plain", "out_of_scope"),
    Measured("e", "health/checkup", "id", "", "lookalikes"),
]
RIGHT = ["documents/passport", "documents/work_visa", "help/confined", "bot/out_of_scope", "money/salary"]


def test_slices_and_changes() -> None:
    before = ["documents/work_visa", *RIGHT[1:]]
    found = compare(
        ROWS, before, RIGHT, [Move("message", 7, "documents/work_visa", "documents/lost_passport")]
    )
    assert found.of_kind("all") == [Slice("all", "questions", 3, 2, 3)]
    assert Slice("theme", "documents", 2, 1, 2) in found.slices
    assert Slice("language", "jv", 1, 1, 1) in found.slices
    assert found.of_kind("danger") == [Slice("danger", "emergencies", 1, 1, 1)]
    assert {one.name for one in found.of_kind("part")} == {"out_of_scope", "lookalikes"}
    assert found.changes == (Change("documents/passport", "documents/work_visa", "documents/passport", "id"),)
    assert found.worse == ()
    assert Comparison.from_dict(found.to_dict()) == found


def test_a_missed_emergency_forbids_the_model() -> None:
    assert compare(ROWS, RIGHT, [*RIGHT[:2], "money/salary", *RIGHT[3:]]).worse == ("emergencies",)


def test_half_a_point_is_noise_and_more_is_not() -> None:
    rows = ROWS[:1] * 1000
    right, wrong = [RIGHT[0]], ["documents/work_visa"]
    assert compare(rows, right * 1000, right * 995 + wrong * 5).worse == ()
    assert compare(rows, right * 1000, right * 994 + wrong * 6).worse == ("questions",)


def test_the_shipped_sentences_are_read() -> None:
    rows = measured()
    assert {row.part for row in rows} == {"questions", "out_of_scope", "lookalikes"}
    assert {row.topic for row in rows} <= set(topics())
