"""Measuring: scores by hand, the held-out files whole, reports that can be read, the review list."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.evaluate.as_written import AsWritten, judge
from cli.evaluate.compare import Comparison
from cli.evaluate.cross import summarise
from cli.evaluate.held_out import Mistake, Report
from cli.evaluate.scores import Bin, calibration, calibration_error, macro_f1, rejected_at_loss, score
from cli.evaluate.sets import read_rows, read_talks
from cli.evaluate.talks import Talks
from cli.evaluate.write import write_report
from cli.reading import Reading
from cli.staff import on_database
from core.outcomes import Alternative, Understanding
from core.review import UNSURE
from core.storage import Database, models
from core.topics import OUT_OF_SCOPE, topics
from tests.cli.conftest import Desmi

TALKS = Talks(0.9, 65, 1.0, 20, 0.96, 0.96, 0.8, 42, 1.0, 39, ("biayanya? (after a/b): c/d",))
REPORT = Report(
    overall=score([("a/b", "a/b"), ("a/b", "c/d")]),
    slices={"id": score([("a/b", "a/b")])},
    in_scope_refused=0.01,
    rejected=0.9,
    rejected_at_loss=0.95,
    danger_recall=1.0,
    guard_recall=0.9,
    false_alarms=0.02,
    lookalike_emergency_topics=0.01,
    calibration_error=0.03,
    talks=TALKS,
    as_written=AsWritten(10, 0.7, 0.8, 0.9, 0.05, 4, 0.75, 2, 1.0, 12, 0.1),
    bins=(Bin(10, 0.95, 0.9), Bin(2, 0.4, 0.5)),
    confusion={
        "health/cost": {"health/cost": 8, "health/where": 1, "money/loan": 1},
        "bot/greet": {"bot/out_of_scope": 1},
    },
    worst=(Mistake("a | <b>", "health/cost", "money/loan", 0.9, "id"),),
)


def test_macro_f1_weighs_classes_alike() -> None:
    pairs = [("a", "a"), ("a", "a"), ("b", "a")]
    assert macro_f1(pairs) == pytest.approx((2 * 2 / (2 + 3) + 0) / 2)
    assert score(pairs).accuracy == pytest.approx(2 / 3)
    assert score([]).accuracy == 0


def test_calibration() -> None:
    bins = calibration([(0.95, True), (0.95, False), (0.2, False), (1.0, True)])
    assert [b.count for b in bins] == [1, 3]
    assert bins[1].accuracy == pytest.approx(2 / 3)
    assert calibration_error(bins) == pytest.approx((0.2 + 3 * abs((0.95 + 0.95 + 1.0) / 3 - 2 / 3)) / 4)
    assert calibration_error([]) == 0


def test_rejected_at_a_fixed_loss() -> None:
    inside = [i / 100 for i in range(100)]
    assert rejected_at_loss(inside, [0.93, 0.95, 0.99, 2.0]) == 0.75
    assert rejected_at_loss([0.1] * 10, [0.1, 0.2], loss=0.05) == 0.5
    assert rejected_at_loss([], [1.0]) == 1.0


def test_messages_as_written_are_judged_by_all_their_labels() -> None:
    def read(topic: str, *others: str, danger: str | None = None, confidence: float = 0.9) -> Reading:
        ranking = tuple(Alternative(name, 0.3) for name in (topic, *others))
        sure = topic != OUT_OF_SCOPE
        return Reading("", Understanding(topic, confidence, sure, alternatives=ranking), danger)

    def row(topic: str, also: str = "", danger: str = "no") -> dict[str, str]:
        return {"topic": topic, "also": also, "danger": danger}

    found = judge(
        [
            (row("money/loan"), read("money/loan")),
            (row("money/loan", "money/salary health/cost"), read("health/cost")),
            (row("money/loan"), read("health/cost", "money/loan", confidence=0.4)),
            (row("money/loan"), read("health/cost", "money/loan")),
            (row("money/loan"), read(OUT_OF_SCOPE, "health/cost", "money/loan", danger="help/abuse")),
            (row("help/abuse", danger="yes"), read("help/confined")),
            (row(OUT_OF_SCOPE), read(OUT_OF_SCOPE)),
            (row(OUT_OF_SCOPE, "money/loan"), read("money/loan")),
            (row(OUT_OF_SCOPE), read("money/loan")),
        ]
    )
    assert found == AsWritten(6, 1 / 6, 2 / 6, 4 / 6, 1 / 6, 3, 2 / 3, 1, 1.0, 8, 1 / 8)


def test_the_messages_as_written_are_whole() -> None:
    rows = read_rows("as_written")
    assert len(rows) >= 400
    assert {name for row in rows for name in (row["topic"], *row["also"].split())} <= set(topics())
    assert {row["danger"] for row in rows} == {"yes", "no"}
    assert {row["language"] for row in rows} == {"id", "jv", "su", "en"}
    assert {row["register"] for row in rows} == {"plain", "slang", "typo", "long"}


def test_the_held_out_conversations_are_enough() -> None:
    talks = read_talks()
    kinds = [turn.kind for talk in talks for turn in talk]
    assert len(talks) >= 60
    assert kinds.count("follow_up") >= 60
    assert 0.15 <= kinds.count("standalone") / (kinds.count("standalone") + kinds.count("follow_up")) <= 0.35
    assert all(not talk[0].kind and all(turn.kind for turn in talk[1:]) for talk in talks)
    assert {turn.language for talk in talks for turn in talk} == {"id", "jv", "su", "en"}
    rows = [row["topics"].split() for row in read_rows("two_questions")]
    assert sum(len(row) == 2 for row in rows) >= 40
    assert sum(len(row) == 1 for row in rows) >= 35
    assert {name for row in rows for name in row} <= set(topics())


def test_cross_validation_is_summed_up() -> None:
    row = {"text": "x", "best": "a/b", "confidence": 0.8, "out": 0.1}
    found = summarise(
        [
            {**row, "topic": "a/b", "taken_for": "a/b"},
            {**row, "topic": "help/abuse", "taken_for": "help/confined", "best": "help/confined"},
            {
                **row,
                "topic": "bot/out_of_scope",
                "taken_for": "bot/out_of_scope",
                "out": 0.9,
                "best": "bot/out_of_scope",
            },
        ],
        5,
    )
    assert found.overall.count == 2
    assert found.overall.accuracy == 0.5
    assert found.rejected == found.rejected_at_loss == found.emergency_recall == 1.0
    assert "5 folds" in found.to_text()


def test_a_report_is_written_with_pictures(tmp_path: Path) -> None:
    path = write_report(REPORT, None, tmp_path)
    page = path.read_text("utf-8")
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page):
        assert (tmp_path / picture).read_text("utf-8").startswith("<?xml")
    assert page.count("](understanding-") == 2
    assert "a / &lt;b>" in page, "a sentence must not break the table"
    assert REPORT.to_text() in page
    first = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    write_report(REPORT, None, tmp_path)
    assert first == {p.name: p.read_bytes() for p in tmp_path.iterdir()}, (
        "the same numbers make the same files"
    )


def test_two_models_side_by_side() -> None:
    text = Comparison(("one.tar.gz", "two.tar.gz"), (REPORT, REPORT)).to_text()
    assert "follow-ups right" in text
    assert "+0.000" in text


def test_comparing_is_not_mixed_with_the_rest(fresh: Desmi, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"")
    result = fresh("evaluate", "--compare", str(tmp_path / "m"), str(tmp_path / "m"), "--write")
    assert result.exit_code == 2
    assert "--compare" in result.output


def test_the_review_list_is_printed(desmi: Desmi, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fill(database: Database) -> None:
        async with database.begin() as session:
            session.add(models.Chat(id="c1", address="7"))
            await session.flush()
            session.add(
                models.Message(
                    chat="c1",
                    direction="in",
                    kind="text",
                    text="hmm itu loh",
                    review=UNSURE,
                    alternatives=[{"topic": "health/where", "confidence": 0.2}],
                )
            )

    assert desmi.json("review", "list") == []
    _with_settings(desmi, monkeypatch, lambda: on_database(fill))
    (listed,) = desmi.json("review", "list")
    assert (listed["reason"], listed["text"]) == ("unsure", "hmm itu loh")
    assert listed["alternatives"] == [{"topic": "health/where", "confidence": 0.2}]
    assert "health/where 0.20" in desmi("review", "list").output
    assert desmi("review", "list", "--limit", "0").exit_code == 2


def _with_settings(desmi: Desmi, monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]) -> None:
    from core.settings import settings

    with monkeypatch.context() as patch:
        for name, value in desmi.env.items():
            patch.setenv(f"DESMI_{name.upper()}", value)
        settings.cache_clear()
        work()
        settings.cache_clear()
