"""Floors for conversations and double questions, a little under what was measured."""

import csv

import pytest

from cli.evaluate.talks import measure_talks
from cli.reading import Reader
from core.engine_client import EngineClient
from core.guard import default_guard
from core.settings import ROOT

pytestmark = [pytest.mark.rasa, pytest.mark.slow]


async def test_conversations_are_followed(engine: EngineClient) -> None:
    found = await measure_talks(Reader(engine, default_guard(), frozenset()), [], [])
    assert found.follow_ups >= 0.90, found.wrong
    assert found.standalone >= 0.95, found.wrong
    assert found.double >= 0.70
    assert found.single >= 0.92


async def test_follow_ups_with_a_subject_of_their_own(engine: EngineClient) -> None:
    """The hard kind ("tiketnya juga?"); the signs of `nlu/components/relatedness.py` were fitted to these."""
    lines = (ROOT / "training/follow_ups.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    reader = Reader(engine, default_guard(), frozenset())
    found = await reader.read([row["text"] for row in rows], [[row["before"]] for row in rows])
    right = [reading.topic in row["topics"].split() for row, reading in zip(rows, found, strict=True)]
    assert sum(right) / len(right) >= 0.47
