"""Which tasks there are, and the way into each of them."""

from collections.abc import Mapping
from dataclasses import replace

from core.codes import Code, Kind
from core.languages import mark as _
from core.replies import Choice, Reply
from core.tasks.check_agency import CheckAgency
from core.tasks.check_offer import CheckOffer
from core.tasks.checklist import GENERAL, ChecklistTask
from core.tasks.human import Human
from core.tasks.reminders import RemindersTask
from core.tasks.report import Report
from core.tasks.task import OVER, Context, Given, Step, Task, TaskState

_TASKS: tuple[Task, ...] = (
    ChecklistTask(),
    RemindersTask(),
    CheckOffer(),
    CheckAgency(),
    Report(),
    Human(),
)

GUIDED: Mapping[str, Task] = {task.name: task for task in _TASKS}
"""The tasks of several turns, by name."""

PARKED = "parked"
"""Key of `keeps`: a task that was left for another, as `TaskState.to_dict`."""
RESUME = "resume"
_LEADS: Mapping[str, str] = {GENERAL: ChecklistTask.name}

_NOT_UNDERSTOOD = _("Maaf, itu belum saya mengerti sebagai jawaban. Untuk berhenti: /batal.")
_RESUME = _("↩️ Lanjutkan yang tadi")


def guided(topic: str) -> Task | None:
    """The task of several turns behind a topic (`task/<name>`), if it is one."""
    theme, _separator, name = topic.partition("/")
    return GUIDED.get(name) if theme == "task" else None


def leads_to(topic: str | None) -> Task | None:
    """The task that answers a question of this topic better than its written answer, once a country is named."""
    return GUIDED.get(_LEADS.get(topic or "", ""))


def step_code(task: str, value: str) -> str:
    """The code of a button that is handed to a task."""
    return str(Code(Kind.STEP, f"{task}:{value}"))


async def begin(task: Task, context: Context, given: Given, left: TaskState | None) -> Step:
    """Start a task; `left`, another one that was in hand, is kept to go back to."""
    step = await task.start(context, given)
    if left is None or left.task == task.name or left.step == OVER:
        return step
    if step.state is not None:
        return replace(step, keeps={**step.keeps, PARKED: left.to_dict()})
    return replace(step, state=left, replies=(*step.replies, GUIDED[left.task].ask(context, left)))


async def proceed(context: Context, state: TaskState, given: Given) -> Step | None:
    """Hand an answer to the task in hand; None when it is no answer to what was asked."""
    task = GUIDED.get(state.task)
    step = None if task is None else await task.take(context, state, given)
    return None if step is None else _ended(context, step)


async def tapped(context: Context, state: TaskState | None, value: str) -> Step | None:
    """What a tapped button `<name>:<value>` of a task leads to; None when it is unknown or too old."""
    name, _separator, rest = value.partition(":")
    if name == RESUME:
        return resume(context)
    task = GUIDED.get(name)
    if task is None:
        return None
    in_hand = state if state is not None and state.task == name else None
    step = await task.take(context, in_hand, Given(value=rest))
    if step is None:
        return None
    if in_hand is None and state is not None:  # another task is in hand: it goes on, or waits
        if step.state is None:
            return replace(step, state=state)
        if state.step != OVER:
            return replace(step, keeps={**step.keeps, PARKED: state.to_dict()})
    if in_hand is None and step.state is None:
        return step
    return _ended(context, step)


def resume(context: Context) -> Step | None:
    """Go back to a task that was left for another."""
    parked = context.keeps.get(PARKED)
    if not parked:
        return None
    state = TaskState.from_dict(parked)
    task = GUIDED.get(state.task)
    return None if task is None else Step(state, (task.ask(context, state),), keeps={PARKED: None})


def again(context: Context, state: TaskState) -> Reply:
    """The present question once more."""
    return GUIDED[state.task].ask(context, state)


def back(context: Context, state: TaskState) -> Step:
    """Back to the task after another question was answered; one that waits for nothing ends here."""
    return Step(None) if state.step == OVER else Step(state, (again(context, state),))


def not_understood(context: Context, state: TaskState) -> Step:
    """Neither an answer nor another question: ask again, with the way out."""
    reply = again(context, state)
    hint = context.t.gettext(_NOT_UNDERSTOOD)
    return Step(state, (Reply(hint), reply))


def _ended(context: Context, step: Step) -> Step:
    """Offer the way back when a task ends and another waits."""
    over = step.state is None or step.state.step == OVER
    if not over or not context.keeps.get(PARKED) or not step.replies:
        return step
    *first, last = step.replies
    way = (Choice(context.t.gettext(_RESUME), step_code(RESUME, "")),)
    return replace(step, replies=(*first, replace(last, buttons=(*last.buttons, way))))
