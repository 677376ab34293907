"""What a task's step makes of a chat and its turn."""

from dataclasses import replace

from core.outcomes import ChatState, Outcome, Understanding
from core.tasks.task import Step


def after(chat: ChatState, step: Step) -> ChatState:
    """The chat after a task's step."""
    keeps = {key: value for key, value in {**chat.keeps, **step.keeps}.items() if value is not None}
    return replace(chat, task=step.state, keeps=keeps)


def stepped(chat: ChatState, step: Step, understood: Understanding | None = None) -> Outcome:
    """The outcome of a turn that was a task's step; `understood` if it was more than a reply to the task."""
    return Outcome(
        after(chat, step),
        step.replies,
        understood or Understanding(f"task/{step.state.task}" if step.state else None),
        kind="task",
        language=chat.language,
        in_place=step.in_place,
        notice=step.notice,
        effects=step.effects,
    )
