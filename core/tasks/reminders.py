"""Reminders: a kind and a date that the person types, agreed to, listed, stopped with one tap."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from core import reminder_pages as pages
from core.checklist import WHO, checklist
from core.checklist_words import profile_of
from core.dates import NoSuchDayError, find_date
from core.phrases import asks, find, plain, says
from core.reminder_store import AddReminder, SetReminder, StopReminders, still_to_come
from core.reminders import Due, ReminderKind, reminders
from core.replies import Reply
from core.tasks.task import OVER, Context, Given, Step, TaskState

ZONE = "zone"
"""Key of what the chat keeps: the time zone that the person chose."""
_KIND, _DATE, _CONFIRM = "kind", "date", "confirm"
_MOST_WORDS = 25


@dataclass(frozen=True, slots=True)
class _Draft:
    """A reminder in the making."""

    kind: str | None = None
    day: date | None = None
    whole_month: bool = False
    zone: str | None = None
    who: str = pages.SELF
    event: str = ""

    def data(self) -> dict[str, Any]:
        """As a task's data."""
        return {
            "kind": self.kind,
            "day": self.day.isoformat() if self.day else None,
            "whole_month": self.whole_month,
            "zone": self.zone,
            "who": self.who,
            "event": self.event,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "_Draft":
        """Undo `data`."""
        day = data.get("day")
        return cls(
            data.get("kind"),
            date.fromisoformat(day) if day else None,
            bool(data.get("whole_month")),
            data.get("zone"),
            str(data.get("who") or pages.SELF),
            str(data.get("event") or ""),
        )


class RemindersTask:
    """The task behind /pengingat."""

    name = "reminders"

    async def start(self, context: Context, given: Given) -> Step:
        """Set what the text names, or show what is set, or ask."""
        held = await _held(context)
        if says(given.text, "delete") and (stop := self._stop(context, held, given.text)) is not None:
            return stop
        try:
            draft = _told(context, _Draft(), given.text)
        except NoSuchDayError:
            draft = replace(_Draft(), kind=_kind_in(given.text))
        if draft.kind is None and draft.day is None and held:
            return self._list(context, held)
        return self._next(context, draft)

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """See `core.tasks.task.Task`."""
        if given.value is not None:
            return await self._tapped(context, state, given.value.split(":"))
        if state is None or asks(given.text) or len(given.text.split()) > _MOST_WORDS:
            return None
        if state.step == OVER:
            return self._stop(context, await _held(context), given.text)
        return self._answered(context, state, _Draft.of(state.data), given.text)

    def ask(self, context: Context, state: TaskState) -> Reply:
        """See `core.tasks.task.Task`."""
        draft = _Draft.of(state.data)
        kind = reminders().kinds.get(draft.kind or "")
        if kind is None:
            return pages.ask_kind(context.t)
        if state.step == _CONFIRM and draft.day is not None:
            dues, zone = _plan(context, kind, draft), _zone(context, kind, draft)
            there = reminders().zone_of(context.country, _now())
            return pages.confirm(context.t, kind, draft.who, dues, zone, there, first=draft.whole_month)
        return pages.ask_date(context.t, kind)

    # steps

    def _next(self, context: Context, draft: _Draft, *, tap: bool = False) -> Step:
        """Ask what is missing, or whether what is planned is right."""
        kind = reminders().kinds.get(draft.kind or "")
        if kind is not None and draft.day is not None:
            if not _plan(context, kind, draft):
                state = TaskState(self.name, _DATE, replace(draft, day=None).data())
                return Step(state, (pages.too_late(context.t, kind, draft.day),), in_place=tap)
            draft = replace(draft, event=draft.event or secrets.token_hex(4))
        step = _KIND if kind is None else _DATE if draft.day is None else _CONFIRM
        state = TaskState(self.name, step, draft.data())
        return Step(state, (self.ask(context, state),), in_place=tap)

    def _answered(self, context: Context, state: TaskState, draft: _Draft, text: str) -> Step | None:
        """A typed answer."""
        try:
            told = _told(context, draft, text)
        except NoSuchDayError:
            kind = reminders().kinds.get(_kind_in(text) or draft.kind or "")
            if kind is None:
                return None
            state = TaskState(self.name, _DATE, replace(draft, kind=kind.id, day=None).data())
            return Step(state, (pages.ask_date(context.t, kind, wrong=True),))
        if told != draft:
            return self._next(context, told)
        if state.step != _CONFIRM:
            return Step(None, (pages.not_set(context.t),)) if says(text, "refuse") else None
        if (zone := _zone_in(text)) is not None:
            return self._rezoned(context, draft, zone)
        if says(text, "refuse"):
            return self._next(context, replace(draft, day=None, event=""))
        return self._save(context, draft) if says(text, "agree") else None

    def _save(self, context: Context, draft: _Draft, *, tap: bool = False) -> Step | None:
        kind = reminders().kinds.get(draft.kind or "")
        if kind is None or draft.day is None:
            return None
        dues, zone = _plan(context, kind, draft), _zone(context, kind, draft)
        if not dues:
            return self._next(context, draft, tap=tap)
        added = AddReminder(draft.event, kind.id, draft.day, zone, draft.who, context.country)
        return Step(None, (pages.saved(context.t, dues[0].at, zone),), (added,), in_place=tap)

    def _rezoned(self, context: Context, draft: _Draft, zone: str, *, tap: bool = False) -> Step:
        """The same at another zone's time; one of Indonesia's is remembered."""
        step = self._next(context, replace(draft, zone=zone), tap=tap)
        return replace(step, keeps={ZONE: zone}) if zone in reminders().zones.values() else step

    def _list(self, context: Context, held: list[SetReminder], *, tap: bool = False) -> Step:
        return Step(TaskState(self.name, OVER), (pages.listed(context.t, held),), in_place=tap)

    def _stop(self, context: Context, held: list[SetReminder], text: str) -> Step | None:
        """What "hapus pengingat paspor", "hapus 1" or "matikan semua" means; the list where that is not clear."""
        if not says(text, "delete"):
            return None
        if says(text, "stop_all"):
            return Step(None, (pages.stopped(context.t, every=True),), (StopReminders(),))
        number = re.search(r"\b\d{1,2}\b", plain(text))
        kind = _kind_in(text)
        if number is not None and 1 <= int(number[0]) <= len(held):
            found = [held[int(number[0]) - 1]]
        else:
            found = [one for one in held if kind is not None and one.kind.startswith(kind)]
        if not found and len(held) == 1 and kind is None:
            found = held
        if not found:
            return self._list(context, held)
        effects = tuple(StopReminders(one.event) for one in found)
        return Step(None, (pages.stopped(context.t, every=False),), effects)

    # taps

    async def _tapped(self, context: Context, state: TaskState | None, parts: list[str]) -> Step | None:
        """A button; those under a sent reminder or a list work without a task in hand."""
        draft = _Draft.of(state.data) if state is not None else _Draft()
        match parts:
            case ["kind", name] if name in reminders().kinds:
                return self._next(context, replace(draft, kind=name), tap=True)
            case ["add"]:
                return self._next(context, _Draft(), tap=True)
            case ["show"]:
                return self._list(context, await _held(context), tap=True)
            case ["stop", event] if event:
                done = pages.stopped(context.t, every=False)
                return Step(state, (done,), (StopReminders(event),), in_place=True)
            case ["stop_all"]:
                done = pages.stopped(context.t, every=True)
                return Step(state, (done,), (StopReminders(),), in_place=True)
            case ["cancel"] if state is not None:
                return Step(None, (pages.not_set(context.t),), in_place=True)
            case ["date"] if draft.kind is not None:
                return self._next(context, replace(draft, day=None, event=""), tap=True)
            case ["yes"] if state is not None and state.step == _CONFIRM:
                return self._save(context, draft, tap=True)
            case ["zone", name] if state is not None and state.step == _CONFIRM:
                zone = reminders().zones.get(name) or reminders().zone_of(context.country, _now())
                return self._rezoned(context, draft, zone or reminders().home, tap=True)
        return None


def _now() -> datetime:
    return datetime.now(UTC)


async def _held(context: Context) -> list[SetReminder]:
    return [] if context.database is None else await still_to_come(context.database, context.chat)


def _kind_in(text: str) -> str | None:
    """The kind that a text names; a health certificate that runs out is another than an examination."""
    kind = find(text, {kind.id: kind.words for kind in reminders().kinds.values()})
    return "medical_end" if kind == "medical" and says(text, "expired") else kind


def _told(context: Context, draft: _Draft, text: str) -> _Draft:
    """The draft with what the text adds; raises `NoSuchDayError`."""
    kind = reminders().kinds.get(_kind_in(text) or draft.kind or "")
    found = find_date(text, context.today, "nearest" if kind is not None and kind.past else "future")
    if kind is not None:
        draft = replace(draft, kind=kind.id)
    if found is not None:
        draft = replace(draft, day=found.day, whole_month=found.whole_month, event="")
    who = profile_of(checklist(), text).get(WHO)
    return draft if who is None else replace(draft, who=who)


def _zone(context: Context, kind: ReminderKind, draft: _Draft) -> str:
    """Chosen, else where the person will be, else the one chosen before, else the western zone."""
    there = reminders().zone_of(context.country, _now()) if kind.abroad else None
    return draft.zone or there or str(context.keeps.get(ZONE) or reminders().home)


def _zone_in(text: str) -> str | None:
    return next(
        (zone for name, zone in reminders().zones.items() if name.lower() in plain(text).split()), None
    )


def _plan(context: Context, kind: ReminderKind, draft: _Draft) -> list[Due]:
    assert draft.day is not None
    return reminders().plan(kind, draft.day, _zone(context, kind, draft), context.country, _now())
