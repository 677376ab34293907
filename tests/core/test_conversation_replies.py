"""What every reply of the conversation must be: without placeholders, and dated where it grows stale."""

from dataclasses import replace
from datetime import date

import pytest

from core.answers import Answer
from core.codes import Kind
from core.conversation import Conversation
from core.languages import LANGUAGES
from core.replies import Reply, Source
from core.topics import THEME_TITLES
from core.turns import Turn
from tests.core.fake_engine import FakeEngine
from tests.core.one_chat import ANSWERS, CHAT, OTHERS, tap

COMMANDS = (
    "start",
    "menu",
    "help",
    "kantor",
    "dokumen",
    "pengingat",
    "darurat",
    "bahasa",
    "privasi",
    "privacy",
    "hapus",
    "batal",
    "petugas",
    "izin",
)


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_no_placeholder_is_left_anywhere(engine: FakeEngine, language: str) -> None:
    conversation = Conversation(engine, ANSWERS)
    chat = replace(CHAT, language=language)
    engine.replies = [Reply("Telepon [[hotline:kp2mi]] atau [[hotline:kp2mi_abroad]]")]
    turns = [
        Turn("text", "apa saja"),
        *(Turn("command", name) for name in COMMANDS),
        *(Turn("other", o) for o in OTHERS),
    ]
    turns += [tap(Kind.THEME, theme) for theme in THEME_TITLES] + [
        tap(Kind.TASK, "human"),
        tap(Kind.CONSENT, "show"),
    ]
    turns += [tap(Kind.TOPIC, topic) for topic in ANSWERS]
    replies = [reply for turn in turns for reply in (await conversation.handle(chat, turn)).replies]
    engine.down = True
    written = (tap(Kind.TOPIC, topic) for topic in ANSWERS)
    replies += [reply for turn in written for reply in (await conversation.handle(chat, turn)).replies]
    assert len(replies) > 2 * len(ANSWERS)
    for reply in replies:
        assert "[[" not in reply.text
        assert "]]" not in reply.text
        assert "%(" not in reply.text
        assert "{" not in reply.text


def test_an_answer_past_its_review_date_is_stale(conversation: Conversation) -> None:
    answer = Answer("bot/privacy", "x", (Source("a", "b", "", ""),), "2026-01-01", "2026-06-01", ())
    assert answer.is_stale(date(2026, 6, 2))
    assert not answer.is_stale(date(2026, 6, 1))


async def test_a_stale_answer_keeps_its_date_so_that_the_edge_can_warn(engine: FakeEngine) -> None:
    engine.down = True
    old = replace(ANSWERS["bot/privacy"], review_by="2020-01-01")
    outcome = await Conversation(engine, {**ANSWERS, "bot/privacy": old}).handle(
        CHAT, Turn("command", "privasi")
    )
    assert outcome.replies[0].review_by == "2020-01-01"
