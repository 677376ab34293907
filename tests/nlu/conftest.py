"""Fixtures: the speller, with all that it learns from."""

import csv

import pytest

from nlu.components.lexicon import Lexicon
from nlu.components.spelling import Speller, Vocabulary
from tests.nlu.corpus import ROOT, answers, sentences


@pytest.fixture(scope="session")
def speller() -> Speller:
    names = [
        row["name"]
        for file in ("regencies", "provinces")
        for row in csv.DictReader((ROOT / f"content/geography/{file}.csv").read_text("utf-8").splitlines())
    ]
    return Speller(Lexicon.read(), Vocabulary.learn(sentences(), answers()), names)
