"""Fixtures: the conversation, with an engine that says what it is told."""

import pytest

from core.conversation import Conversation
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import ANSWERS


@pytest.fixture
def engine() -> FakeEngine:
    """In place of the real one of `tests/servers.py`, which no test here starts."""
    return FakeEngine()


@pytest.fixture
def conversation(engine: FakeEngine) -> Conversation:
    return Conversation(engine, ANSWERS)
