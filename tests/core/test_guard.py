"""The emergency guard: recall and false alarms on written sentences, robustness, the quick exit.

`GUARD` is the rules alone; what rules and trained model find together stands at the end and in tests/safety.
"""

import csv
import logging
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.model import danger_path, train
from core import guard as guard_module
from core.danger_model import DangerModel
from core.guard import RULES, Danger, Guard, GuardError, default_guard, is_quick_exit
from core.topics import EMERGENCIES

SAFETY = Path(__file__).parents[1] / "safety"
GUARD = Guard.from_file(RULES)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((SAFETY / name).read_text("utf-8").splitlines()))


DANGER = _rows("guard_danger.csv")
LOOKALIKES = [row["text"] for row in _rows("guard_lookalikes.csv")]


def test_the_sets_are_large_and_cover_topics_and_languages() -> None:
    assert len(DANGER) >= 300
    assert len(LOOKALIKES) >= 200
    assert {row["topic"] for row in DANGER} == set(EMERGENCIES) == set(GUARD.topics)
    assert min(Counter(row["language"] for row in DANGER).values()) >= 30


def test_recall_on_emergencies() -> None:
    missed = [row["text"] for row in DANGER if GUARD.check(row["text"]) is None]
    assert len(missed) <= 0.01 * len(DANGER), missed


def test_the_topic_is_the_right_one() -> None:
    wrong = [row["text"] for row in DANGER if (d := GUARD.check(row["text"])) and d.topic != row["topic"]]
    assert len(wrong) <= 0.05 * len(DANGER), wrong


def test_false_alarms_on_lookalikes() -> None:
    alarms = [text for text in LOOKALIKES if GUARD.check(text)]
    assert len(alarms) < 0.02 * len(LOOKALIKES), alarms


@pytest.mark.parametrize(
    "text",
    [
        "SAYA DIPUKUL MAJIKAN!!!",
        "saya diiipukuuulll majikan",
        "saya di pukul majikan",
        "sy d pukul mjkn",
        "saya dipkul majikan",
        "saya d1pukul m4jikan",
        "saya di​pukul majikan",
        "ｓａｙａ ｄｉｐｕｋｕｌ ｍａｊｉｋａｎ",
        "saya\ndipukul\n\nmajikan",
        "halo min, mau tanya syarat ke taiwan. oh ya adik saya dipukuli majikannya di sana",
        "majikan tidak baik, saya dipukul",
        "saya tidak tahan lagi dipukul",
    ],
)
def test_written_another_way_it_is_found(text: str) -> None:
    danger = GUARD.check(text)
    assert danger is not None
    assert danger.topic == "help/abuse"


@pytest.mark.parametrize(
    "text",
    [
        "tidak pernah dipukul",
        "saya belum pernah dilecehkan",
        "majikan tidak pernah memukul",
        "ora tau digebugi",
        "teu pernah ditampiling",
        "my boss never hit me",
    ],
)
def test_what_is_denied_is_no_danger(text: str) -> None:
    assert GUARD.check(text) is None


@pytest.mark.parametrize(
    "other", ["gaji tidak dibayar", "hp diambil", "paspor ditahan", "kontrak belum selesai"]
)
def test_another_trouble_told_first_hides_no_danger(other: str) -> None:
    hidden = [row["text"] for row in DANGER if GUARD.check(f"{other}, {row['text']}") is None]
    assert len(hidden) <= 0.02 * len(DANGER), hidden


def test_no_number_reaches_what_is_reported() -> None:
    danger = GUARD.check("nomor 081234567890 saya dipukul 3201234567890001 majikan")
    assert danger is not None
    assert not any(char.isdigit() for char in danger.matched)


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=400))
def test_any_text_is_checked(text: str) -> None:
    GUARD.check(text)
    is_quick_exit(text)


@pytest.mark.parametrize(
    "unit",
    [
        "saya ",
        "a",
        "ab1",
        "di ",
        "tidak boleh ",
        "pernah ",
        "dipukul ",
        "\x00",
        "\ud800",
        "é",
        "tidak dipukul ",
    ],
)
def test_ten_thousand_characters_complete(unit: str) -> None:
    GUARD.check((unit * 10_000)[:10_000])


def test_a_danger_at_the_end_of_a_long_story_is_found() -> None:
    assert GUARD.check("lalu kami menunggu kabar dari kantor " * 90 + "dan anak saya disekap") is not None


@pytest.mark.parametrize(
    "text",
    [
        "hapus percakapan",
        "Hapus Percakapan!",
        "tolong hapus percakapan ini sekarang",
        "hapus chat",
        "busek obrolan",
        "pupus obrolan",
        "delete this conversation please",
        "hapus percakapn",
    ],
)
def test_quick_exit(text: str) -> None:
    assert is_quick_exit(text)


@pytest.mark.parametrize(
    "text", ["", "hapus", "cara hapus percakapan di wa", "percakapan", "hapus akun siskop2mi"]
)
def test_not_the_quick_exit(text: str) -> None:
    assert not is_quick_exit(text)


def test_a_phrase_with_an_unknown_list_is_refused(tmp_path: Path) -> None:
    broken = RULES.read_text("utf-8").replace('- "@rape"', '- "@rapee"', 1)
    (tmp_path / "guard.yml").write_text(broken, "utf-8")
    with pytest.raises(GuardError, match="@rapee"):
        Guard.from_file(tmp_path / "guard.yml")
    (tmp_path / "guard.yml").write_text("topics: {}", "utf-8")
    with pytest.raises(GuardError, match=r"guard[.]yml"):
        Guard.from_file(tmp_path / "guard.yml")


def test_the_default_guard_is_read_once() -> None:
    assert default_guard() is default_guard()


class _Model:
    """A trained half that always says the same."""

    def __init__(self, danger: float) -> None:
        self.danger = danger
        self.told: tuple[bool, bool] | None = None

    def score(self, text: str, hit: bool, doubted: bool) -> tuple[str, float]:
        self.told = hit, doubted
        if self.danger < 0:
            raise RuntimeError("broken")
        return "help/confined", self.danger


@pytest.mark.parametrize(
    ("text", "danger", "topic"),
    [
        ("saya dipukul majikan", 0.0, None),  # the model is very sure
        ("saya dipukul majikan", 0.3, "help/abuse"),
        ("saya dipukul majikan", 0.99, "help/abuse"),
        ("saya dipukul majikan", -1.0, "help/abuse"),  # the model fails
        ("syarat ke taiwan", 0.05, None),
        ("syarat ke taiwan", 0.6, "help/confined"),
        ("syarat ke taiwan", -1.0, None),
        ("", 0.99, None),
    ],
)
def test_rules_and_model_decide_together(text: str, danger: float, topic: str | None) -> None:
    found = Guard.from_file(RULES, _Model(danger)).check(text)  # type: ignore[arg-type]
    assert (found.topic if found else None) == topic


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("saya dipukul majikan", (True, False)),
        ("tidak pernah dipukul", (False, True)),  # the rules saw a danger word and do not believe it
        ("syarat ke taiwan", (False, False)),
    ],
)
def test_the_model_is_told_what_the_rules_saw(text: str, told: tuple[bool, bool]) -> None:
    model = _Model(0.6)
    Guard.from_file(RULES, model).check(text)  # type: ignore[arg-type]
    assert model.told == told


def test_what_the_model_alone_finds_has_no_words() -> None:
    found = Guard.from_file(RULES, _Model(0.6)).check("syarat ke taiwan")  # type: ignore[arg-type]
    assert found == Danger("help/confined", "")


def test_without_a_model_file_the_rules_decide_and_one_warning_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(guard_module, "MODELS", tmp_path)
    with caplog.at_level(logging.WARNING):
        guard = default_guard.__wrapped__()
    assert guard.model is None
    assert guard.check("saya dipukul majikan") is not None
    assert ["desmi train" in record.getMessage() for record in caplog.records] == [True]


@pytest.fixture(scope="module")
def trained() -> Guard:
    """Rules and the trained model of the present data."""
    train()
    model = DangerModel.load(danger_path())
    assert model is not None
    assert model.encodes
    return Guard.from_file(RULES, model)


@pytest.mark.rasa
def test_together_they_miss_none_of_the_emergencies(trained: Guard) -> None:
    found = {row["text"]: trained.check(row["text"]) for row in DANGER}
    assert [text for text, danger in found.items() if danger is None] == []
    wrong = [row["text"] for row in DANGER if (d := found[row["text"]]) and d.topic != row["topic"]]
    assert len(wrong) <= 0.02 * len(DANGER), wrong


@pytest.mark.rasa
def test_together_they_leave_the_lookalikes(trained: Guard) -> None:
    alarms = [text for text in LOOKALIKES if trained.check(text)]
    assert len(alarms) <= 0.02 * len(LOOKALIKES), alarms
