"""Sentences with typing errors that the speller is measured by: of known topics, and never trained on."""

import csv
import re

import pytest

from tests.nlu.corpus import ROOT, load, sentences


@pytest.mark.parametrize("name", ["typos_dev", "typos_check"])
def test_measured_sentences_are_not_trained_on(name: str) -> None:
    trained = {" ".join(re.findall(r"\w+", sentence.lower())) for sentence in sentences()}
    topics = {
        f"{theme}/{topic}" for theme, names in load(ROOT / "content/topics.yml").items() for topic in names
    }
    with (ROOT / f"tests/nlu/{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["topic"] for row in rows} <= topics
    assert not [row["text"] for row in rows if " ".join(re.findall(r"\w+", row["text"].lower())) in trained]
