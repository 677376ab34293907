"""Floors for the held-out conversations and double questions, a little under what was measured."""

import pytest

from cli.evaluate.talks import measure_talks
from cli.reading import Reader
from core.engine_client import EngineClient
from core.guard import default_guard

pytestmark = [pytest.mark.rasa, pytest.mark.slow]


async def test_conversations_are_followed(engine: EngineClient) -> None:
    found = await measure_talks(Reader(engine, default_guard(), frozenset()), [], [])
    assert found.follow_ups >= 0.90, found.wrong
    assert found.standalone >= 0.95, found.wrong
    assert found.double >= 0.70
    assert found.single >= 0.92
