"""A task of several turns: what it is given, what it answers, and its state between two turns.

The state is kept with the chat in the database, in the same transaction that calls a turn done. Taps are handed to
a task without the dialogue engine; texts come by the engine, which decides between an answer and another question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from core.languages import Translator
from core.replies import Reply
from core.storage import Database
from core.tasks.effects import Effect, effect_from_dict, effect_to_dict

OVER = "over"
"""The step of a task that waits for nothing any more, but takes what belongs to it: it is left without a word."""


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task in hand: its name, the question that was asked last, and what is known so far (JSON-ready)."""

    task: str
    step: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return {"task": self.task, "step": self.step, "data": dict(self.data)}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "TaskState":
        """Undo `to_dict`."""
        return cls(str(value["task"]), str(value["step"]), dict(value.get("data") or {}))


@dataclass(frozen=True, slots=True)
class Given:
    """What a person did: wrote `text` (masked), or tapped a button of the task (`value` of its code).

    `topic` and `confidence` say what the text would be as a question of its own.
    """

    text: str = ""
    value: str | None = None
    topic: str | None = None
    confidence: float = 0.0
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a task may look at. `keeps` is what the chat keeps beyond tasks; `database` is for reading only."""

    t: Translator
    today: date
    country: str | None = None
    keeps: Mapping[str, Any] = field(default_factory=dict)
    database: Database | None = None
    chat: str = ""
    """The chat's pseudonym."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a task does next.

    `state` None: the task is finished. `keeps` is merged into what the chat keeps (a value of None removes its
    key). `in_place` edits the message whose button was tapped. `notice` is the short text over a tapped button.
    """

    state: TaskState | None
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    keeps: Mapping[str, Any] = field(default_factory=dict)
    in_place: bool = False
    notice: str = ""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping."""
        return {
            "state": self.state.to_dict() if self.state else None,
            "replies": [reply.to_dict() for reply in self.replies],
            "effects": [effect_to_dict(effect) for effect in self.effects],
            "keeps": dict(self.keeps),
            "in_place": self.in_place,
            "notice": self.notice,
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Step":
        """Undo `to_dict`."""
        state = value.get("state")
        return cls(
            TaskState.from_dict(state) if state else None,
            tuple(Reply.from_dict(reply) for reply in value.get("replies") or ()),
            tuple(effect_from_dict(effect) for effect in value.get("effects") or ()),
            dict(value.get("keeps") or {}),
            bool(value.get("in_place")),
            str(value.get("notice") or ""),
        )


class Task(Protocol):
    """One task. It holds no state of any chat."""

    name: str
    """The task's id without `task/`; the buttons of its steps are `Code(Kind.STEP, "<name>:<value>")`."""

    async def start(self, context: Context, given: Given) -> Step:
        """Begin; `given` is the text that asked for it, empty after a button or a command."""
        ...

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """Go on with a tap or a text.

        `state` is None when a button of this task was tapped while it is not in hand. None as the result means:
        this is no answer to what was asked (or, for a tap, the button is too old).
        """
        ...

    def ask(self, context: Context, state: TaskState) -> Reply:
        """The present question once more, after another question was answered in between."""
        ...
