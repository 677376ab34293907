"""Floors for the whole guard on `tests/heldout`, text that neither its rules nor its model were made with.

Measured with the model of 2026-11-26: 202 of 204 emergencies found, alarms on 1.7 % of the look-alikes and 1.2 % of
the other questions. The floors leave room for a model trained on slightly other data, no more. Never tune on these files.
"""

import csv
from pathlib import Path

import pytest

from cli.model import danger_path, train
from core.danger_model import DangerModel
from core.guard import RULES, Guard
from core.topics import EMERGENCIES

pytestmark = pytest.mark.rasa

HELD_OUT = Path(__file__).parents[1] / "heldout"


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HELD_OUT / name).read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def guard() -> Guard:
    """Rules and the trained model of the present data."""
    train()
    model = DangerModel.load(danger_path())
    assert model is not None
    assert model.encodes
    return Guard.from_file(RULES, model)


def test_emergencies_are_found(guard: Guard) -> None:
    rows = [row for row in _rows("questions.csv") if row["topic"] in EMERGENCIES]
    missed = [row["text"] for row in rows if guard.check(row["text"]) is None]
    assert len(rows) >= 200
    assert len(missed) <= 0.01 * len(rows), missed


def test_few_lookalikes_alarm(guard: Guard) -> None:
    rows = _rows("lookalikes.csv")
    alarms = [row["text"] for row in rows if guard.check(row["text"])]
    assert len(alarms) <= 0.025 * len(rows), alarms


def test_very_few_other_questions_alarm(guard: Guard) -> None:
    rows = [row for row in _rows("questions.csv") if row["topic"] not in EMERGENCIES]
    alarms = [row["text"] for row in rows if guard.check(row["text"])]
    assert len(alarms) <= 0.02 * len(rows), alarms
