"""Beside a person: what becomes of a turn while somebody of the staff has the chat."""

from core import person_replies
from core.codes import Code, Kind, parse_code
from core.guard import is_quick_exit
from core.handover import Heard, Leave
from core.languages import Translator, detect
from core.outcomes import ChatState, Outcome
from core.phrases import is_cancel
from core.replies import Reply
from core.topics import EMERGENCIES
from core.turns import Turn

COMMANDS = frozenset({"darurat", "hapus", "privasi", "privacy", "izin", "bahasa"})
"""Commands that work all the same."""
HELP = EMERGENCIES | {"help/hotline", "help/embassy", "help/detained"}
"""Topics that are answered all the same."""
_OWN = frozenset({Kind.STEP, Kind.ERASE, Kind.LANGUAGE, Kind.HELPFUL, Kind.CONSENT})


def goes_through(turn: Turn) -> bool:
    """Whether Desmi answers a turn although a person has the chat: safety, one's own data, the way back."""
    if turn.kind == "command":
        return turn.text in COMMANDS
    if turn.kind == "text":
        return is_quick_exit(turn.text)
    code = parse_code(turn.text) if turn.kind == "tap" else None
    match code:
        case Code(Kind.STEP, value):
            return value.startswith(f"{person_replies.TASK}:")
        case Code(Kind.TOPIC, value):
            return value in HELP
        case Code(kind, _value):
            return kind in _OWN
    return False


def beside(chat: ChatState, turn: Turn, t: Translator) -> Outcome:
    """What comes of any other turn: texts are for the one who has the chat, menus say how to come back."""
    leaves = (turn.kind == "command" and turn.text == "batal") or (
        turn.kind == "text" and is_cancel(turn.text)
    )
    if leaves:
        return _notice(chat, person_replies.back(t, "open"), Leave())
    if turn.kind == "text" and turn.text.strip():
        return Outcome(chat, kind="notice", language=detect(turn.text), effects=(Heard(),))
    if turn.kind == "location":
        return Outcome(chat, kind="notice", language=chat.language, effects=(Heard(),))
    if turn.kind in ("other", "text"):
        return _notice(chat, person_replies.only_text(t))
    return _notice(chat, person_replies.beside_you(t))


def _notice(chat: ChatState, reply: Reply, *effects: Leave) -> Outcome:
    return Outcome(chat, (reply,), kind="notice", language=chat.language, effects=effects)
