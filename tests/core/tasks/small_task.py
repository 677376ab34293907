"""A task of two questions, for tests of what all tasks have in common."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.replies import Choice, Reply
from core.storage import models
from core.tasks.effects import effect
from core.tasks.registry import step_code
from core.tasks.task import Context, Given, Step, TaskState


@effect("test_country")
@dataclass(frozen=True, slots=True)
class SetCountry:
    """Writes something that a test can look for."""

    country: str

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        row = await session.get_one(models.Chat, chat)
        row.country = self.country


class SmallTask:
    """Asks two things; an answer has at most two words."""

    name = "report"

    async def start(self, context: Context, given: Given) -> Step:
        state = TaskState(self.name, "first", {"began": given.text})
        return Step(state, (self.ask(context, state),))

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        if state is None or len(given.text.split()) > 2:
            return None
        if state.step == "first":
            after = TaskState(self.name, "second", {**state.data, "one": given.value or given.text})
            return Step(after, (self.ask(context, after),), in_place=given.value is not None)
        answers = f"{state.data['one']}, {given.value or given.text}"
        return Step(None, (Reply(answers),), (SetCountry("HK"),), {"answers": answers})

    def ask(self, context: Context, state: TaskState) -> Reply:
        return Reply(f"{state.step}?", buttons=((Choice("ya", step_code(self.name, "yes")),),))


class OtherTask(SmallTask):
    """The same under another name."""

    name = "check_agency"
