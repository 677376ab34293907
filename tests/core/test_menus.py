"""Menus: whoever only taps reaches everything, within Telegram's limits."""

from collections import deque
from collections.abc import Iterator

import pytest

from core import menus
from core.answers import read_answers
from core.codes import MAX_BYTES, Code, Kind, parse_code
from core.conversation import Conversation
from core.languages import LANGUAGES, translator
from core.outcomes import ChatState
from core.replies import Choice, Reply
from core.topics import CONVERSATIONAL, THEME_TITLES, of_theme, topics
from core.turns import Turn
from tests.core.fake_engine import FakeEngine

ANSWERS = read_answers()
MAX_TEXT = 4096
MAX_BUTTONS = 100


def buttons(reply: Reply) -> Iterator[Choice]:
    return (choice for row in reply.buttons for choice in row)


def check(reply: Reply) -> None:
    """What Telegram would refuse."""
    assert 0 < len(reply.text.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert len(list(buttons(reply))) <= MAX_BUTTONS
    for choice in buttons(reply):
        assert choice.text.strip()
        assert len(choice.text) <= 64, choice.text
        assert 0 < len(choice.data.encode()) <= MAX_BYTES
        assert parse_code(choice.data) is not None, choice.data


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_everything_is_reached_by_buttons_alone(language: str) -> None:
    engine = FakeEngine()
    conversation = Conversation(engine, ANSWERS)
    chat = ChatState("walker", language)
    waiting = deque([Turn("command", "start")])
    seen: set[str] = set()
    reached: set[str | None] = set()
    while waiting:
        turn = waiting.popleft()
        outcome = await conversation.handle(chat, turn)
        if outcome.kind == "task":  # one of several turns needs no engine to begin
            reached.add(outcome.understood.topic)
        for reply in outcome.replies:
            check(reply)
            for choice in buttons(reply):
                if choice.data not in seen:
                    seen.add(choice.data)
                    waiting.append(Turn("tap", choice.data))
    reached |= {asked for _sender, _text, asked, _metadata in engine.sent}
    assert reached - {None} == set(topics()) - CONVERSATIONAL


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_page_is_within_limits_and_leads_back(language: str) -> None:
    t = translator(language)
    pages = [menus.start(t), menus.help_page(t), menus.main_menu(t, "x" * 300), menus.emergency_menu(t)]
    pages += [menus.language_menu(t), menus.erase_question(t)]
    for reply in pages:
        check(reply)
    home = str(Code(Kind.THEME))
    for theme in THEME_TITLES:
        page = menus.theme_menu(t, theme)
        if theme == "task":
            assert page is None
            continue
        assert page is not None
        check(page)
        assert home in {choice.data for choice in buttons(page)}


def test_pages_hold_each_topic_once() -> None:
    t = translator("id")
    for theme in THEME_TITLES:
        if theme == "task":
            continue
        shown: list[str] = []
        number = 1
        while (page := menus.theme_menu(t, f"{theme}.{number}")) is not None:
            shown += [
                code.value for c in buttons(page) if (code := parse_code(c.data)) and code.kind is Kind.TOPIC
            ]
            assert len(page.buttons) <= menus.PAGE + 2
            number += 1
        assert shown == [topic.id for topic in of_theme(theme)]


def test_labels_on_one_menu_tell_buttons_apart() -> None:
    for language in LANGUAGES:
        t = translator(language)
        for reply in (menus.main_menu(t), menus.emergency_menu(t)):
            labels = [choice.text for choice in buttons(reply)]
            assert len(labels) == len(set(labels))


def test_the_button_of_a_topic_and_of_a_task() -> None:
    t = translator("id")
    assert menus.topic_choice(t, "documents/passport").data == "1:t:documents/passport"
    assert menus.topic_choice(t, "task/human").data == "1:k:human"
