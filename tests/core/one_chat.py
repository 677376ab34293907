"""One chat with all answers, for tests of the conversation: taps in it, and what an outcome shows."""

from collections.abc import Iterator

from core.answers import read_answers
from core.codes import Code, Kind
from core.outcomes import ChatState, Outcome
from core.replies import Choice
from core.topics import THEME_TITLES
from core.turns import Turn

ANSWERS = read_answers()
CHAT = ChatState("chat-1")
OTHERS = ("sticker", "voice", "photo", "document", "contact", "poll", "edit", "forward", "group", "empty", "")


def tap(kind: Kind, value: str = "") -> Turn:
    return Turn("tap", str(Code(kind, value)))


def choices(outcome: Outcome) -> Iterator[Choice]:
    return (choice for reply in outcome.replies for row in reply.buttons for choice in row)


def is_main_menu(outcome: Outcome) -> bool:
    codes = {choice.data for choice in choices(outcome)}
    return {str(Code(Kind.THEME, theme)) for theme in THEME_TITLES if theme != "task"} <= codes
