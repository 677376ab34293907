"""Outcomes: what a turn leads to - replies, what was understood, and what changes for the chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.replies import Reply
from core.tasks.effects import Effect
from core.tasks.task import Step, TaskState
from core.turns import Turn


@dataclass(frozen=True, slots=True)
class Alternative:
    """A topic that was considered, and its confidence (0 to 1)."""

    topic: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a text; `sure` is false when it was too unlike anything known.

    `questions`: further topics that the same message asks about, in their order.
    """

    topic: str | None = None
    confidence: float | None = None
    sure: bool = True
    alternatives: tuple[Alternative, ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()
    questions: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatState:
    """What is known of a chat; `id` is its pseudonym, `country` an ISO code, `misses` in a row.

    `task` is the task in hand; `keeps` is what tasks keep beyond their end (JSON-ready). `topics`: the last topics
    that it was about, the newest first; empty once they are too old to matter. `handover` is
    "waiting" or "open" while it waits for a person or a person has it. `consent` tells whether it may be asked
    for its consent, see `core.consent.Standing`.
    """

    id: str
    language: str = "id"
    country: str | None = None
    misses: int = 0
    task: TaskState | None = None
    keeps: Mapping[str, Any] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    handover: Literal["", "waiting", "open"] = ""
    consent: Literal["new", "ready", "settled"] = "settled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one turn.

    `chat` is the chat's state after it. `feedback` is (id of the outgoing message, 1 or -1). `erase` asks
    for everything of this chat to be deleted after the replies have been sent. `in_place` asks the edge
    to edit the message under whose button the tap came rather than to send a new one. `notice` is the
    short text shown over a tapped button. `remove_keyboard` takes a share-my-location keyboard away.
    `effects` are written in the same transaction as the outcome.
    """

    chat: ChatState
    replies: tuple[Reply, ...] = ()
    understood: Understanding = Understanding()
    danger: str | None = None
    language: str = "id"
    kind: Literal["answer", "menu", "task", "card", "notice"] = "answer"
    feedback: tuple[int, int] | None = None
    erase: bool = False
    in_place: bool = False
    notice: str = ""
    remove_keyboard: bool = False
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """What the engine makes of a turn; `step` where a task went on, `loop` the form that is open after it."""

    replies: tuple[Reply, ...] = ()
    understood: Understanding = Understanding()
    step: Step | None = None
    loop: str | None = None


class EngineDownError(RuntimeError):
    """The dialogue engine does not answer; the turn must be kept and tried again."""


class Engine(Protocol):
    """What understands text and holds the dialogue; today Rasa, behind one HTTP request."""

    async def send(
        self, sender: str, text: str, *, topic: str | None, metadata: Mapping[str, Any]
    ) -> EngineAnswer:
        """Hand in a text, or a topic chosen by a button; raises `EngineDownError`."""
        ...

    async def parse(
        self, texts: list[str], told: Sequence[Mapping[str, Any]] | None = None
    ) -> list[Understanding]:
        """Understand texts outside any conversation; `told`: for each text what `send` takes as metadata."""
        ...

    async def reset(self, sender: str) -> None:
        """Leave whatever task the conversation is in."""
        ...

    async def forget(self, sender: str) -> None:
        """Delete everything that the engine keeps of the conversation."""
        ...


class TurnHandler(Protocol):
    """What the edge calls for each turn of a chat, in order."""

    async def handle(self, chat: ChatState, turn: Turn) -> Outcome:
        """The outcome; raises `EngineDownError` when the turn must be tried again later."""
        ...

    def card(self, chat: ChatState, danger: str) -> Reply:
        """The help card for a danger; needs neither engine nor database."""
        ...

    def offline(self, chat: ChatState) -> Reply:
        """What to say when the engine stays silent: the question is kept, meanwhile the menu."""
        ...
