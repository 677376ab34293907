"""The comparison on other people's intents: reading, splitting and reporting, without training anything."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import intent_report, intent_sets, pipelines
from benchmarks.intent_report import Result
from benchmarks.intent_sets import Example

INTENTS = ("menu/pesan", "menu/batal", "cuaca", "alarm", "musik")


def conll(each: int) -> str:
    return "".join(
        f"# id = {i}\n# text-en = not read\n# text = kalimat {intent} nomor {i}\n# intent = {intent}\n1\tkalimat\tO\n\n"
        for intent in INTENTS
        for i in range(each)
    )


@pytest.fixture
def parts(tmp_path: Path) -> tuple[list[Example], list[Example]]:
    files = []
    for name, each in (("valid", 6), ("test", 8)):
        files.append(tmp_path / f"{name}.conll")
        files[-1].write_text(conll(each), "utf-8")
    return intent_sets.read(files[0]), intent_sets.read(files[1])


def test_conll_is_read(parts: tuple[list[Example], list[Example]]) -> None:
    assert len(parts[0]) == 30
    assert parts[0][0] == Example("kalimat menu/pesan nomor 0", "menu.pesan")


def test_dialogues_are_read(tmp_path: Path) -> None:
    def turn(speaker: str, text: str, *intents: str) -> dict[str, object]:
        actions = [{"act": "INFORM_INTENT", "slot": "intent", "values": list(intents)}] if intents else []
        return {"speaker": speaker, "utterance": text, "frames": [{"actions": actions}]}

    file = tmp_path / "cod.json"
    turns = [
        turn("USER", "Mau pesan kamar", "ReserveHotel"),
        turn("SYSTEM", "Baik", "X"),
        turn("USER", "Terima kasih"),
    ]
    file.write_text(json.dumps([{"turns": turns}]), "utf-8")
    assert intent_sets.read(file) == [Example("Mau pesan kamar", "ReserveHotel")]


def test_a_file_without_intents_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.conll"
    file.write_text("1\tkata\tO\n", "utf-8")
    with pytest.raises(SystemExit, match=r"empty\.conll: no sentence"):
        intent_sets.read(file)


def test_splits_hold_intents_out_and_repeat(parts: tuple[list[Example], list[Example]]) -> None:
    split = intent_sets.split("set", *parts, seed=1)
    held_out = {e.intent for e in split.outside}
    assert len(held_out) == 1
    assert not held_out & {e.intent for e in (*split.train, *split.test)}
    assert (len(split.train), len(split.test), len(split.outside)) == (24, 32, 8)
    assert split == intent_sets.split("set", *parts, seed=1)


def test_a_set_without_tests_is_divided(parts: tuple[list[Example], list[Example]]) -> None:
    split = intent_sets.split("set", parts[1] * 2, [], seed=1)
    assert (len(split.train), len(split.test), len(split.outside)) == (44, 20, 5)


def test_the_page_says_who_is_above(parts: tuple[list[Example], list[Example]]) -> None:
    configurations = [*pipelines.TABLE[:1], pipelines.ours()]
    results = []
    for seed in (1, 2):
        split = intent_sets.split("set", *parts, seed)
        right = [e.intent for e in split.test]
        sure = [0.9] * len(split.test) + [0.1] * len(split.outside)
        results.append(Result("a", split, right, sure, 1.0))
        results.append(Result(pipelines.OURS, split, ["alarm"] * 8 + right[8:], sure, 1.0))
    page = intent_report.page(results, configurations)
    assert "**below** a (1.000)" in page
    assert "- AUROC, out of scope: Desmi 1.000, at or above all" in page
    mean, low, high = intent_report.interval(results[1::2], results[::2])
    assert low <= mean <= high <= 0


def test_area_counts_ties_half() -> None:
    assert intent_report.area(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == pytest.approx(0.875)


def test_our_configuration_is_that_of_the_product() -> None:
    ours = pipelines.ours()
    assert [part["name"].rpartition(".")[2] for part in ours.pipeline] == list(pipelines.FEATURES_OF_OURS)
