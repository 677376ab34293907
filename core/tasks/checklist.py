"""My documents: few questions, then one list with tick buttons that is kept for each person it was made for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core import checklist_pages as pages
from core.checklist import COUNTRY, WHO, checklist
from core.checklist_words import option_of, profile_of, short, ticks_of
from core.countries import countries
from core.languages import mark as _
from core.phrases import asks, find_all, says
from core.replies import Reply
from core.tasks.task import OVER, Context, Given, Step, TaskState

KEEPS = "checklist"
"""Key of what the chat keeps: `{"who": id, "people": {id: {"answers": {...}, "ticks": [...]}}}`."""
GENERAL = "documents/checklist"
"""The topic of a general question about papers; asked for a country it leads straight to the list."""
_ASK = "ask"

_ENDED = _(
    "Baik, daftar Anda tersimpan. Buka lagi kapan saja: /dokumen. Langkah berikutnya: urus dokumen pertama yang belum ada."
)


@dataclass(frozen=True, slots=True)
class _Person:
    """One person's answers and ticks."""

    who: str
    answers: Mapping[str, str]
    ticks: tuple[str, ...]
    skipped: tuple[str, ...] = ()

    def keeps(self, context: Context) -> dict[str, Any]:
        """What the chat keeps with this person's list in it."""
        kept = context.keeps.get(KEEPS) or {}
        mine = {"answers": dict(self.answers), "ticks": list(self.ticks)}
        return {KEEPS: {"who": self.who, "people": {**kept.get("people", {}), self.who: mine}}}

    def data(self) -> dict[str, Any]:
        """The same as a task's data."""
        return {"who": self.who, "answers": dict(self.answers), "skipped": list(self.skipped)}


def _kept(context: Context, who: str) -> _Person:
    """A person's list as kept; what a newer list of rules no longer knows is left out."""
    rules = checklist()
    kept = ((context.keeps.get(KEEPS) or {}).get("people") or {}).get(who) or {}
    answers = {
        name: value for name, value in (kept.get("answers") or {}).items() if _valid(str(name), str(value))
    }
    return _Person(who, answers, tuple(tick for tick in kept.get("ticks") or () if rules.item(tick)))


def _valid(name: str, value: str) -> bool:
    asked = checklist().question(name)
    if asked is None:
        return False
    return value in countries() if name == COUNTRY else asked.option(value) is not None


class ChecklistTask:
    """The task behind /dokumen."""

    name = "checklist"

    async def start(self, context: Context, given: Given) -> Step:
        """The list where there is one, otherwise the first question; what the text tells is taken over."""
        told = profile_of(checklist(), given.text)
        kept = context.keeps.get(KEEPS) or {}
        who = told.pop(WHO, None) or str(kept.get("who") or pages.SELF)
        known = who in (kept.get("people") or {}) and not says(given.text, "restart")
        person = _kept(context, who) if known else _Person(who, {}, ())
        person = replace(person, answers={**person.answers, **told})
        if known or given.topic == GENERAL:
            return self._show(context, person)
        if who != pages.SELF:
            return self._ask_next(context, person)
        return self._question(context, person, WHO)

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """See `core.tasks.task.Task`."""
        if given.value is not None:
            return self._tapped(context, state, given.value.split(":"))
        if state is None:
            return None
        person = _in_hand(context, state)
        kind, _colon, name = state.step.partition(":")
        if kind == _ASK:
            return self._answered(context, state, person, name, given)
        return self._about_list(context, state, person, given)

    def ask(self, context: Context, state: TaskState) -> Reply:
        """See `core.tasks.task.Task`."""
        person = _in_hand(context, state)
        kind, _colon, name = state.step.partition(":")
        asked = checklist().question(name)
        if kind == _ASK and asked is not None:
            return pages.question(
                context.t, checklist(), asked, {WHO: person.who, **person.answers}, context.country
            )
        items = checklist().items_for(person.answers)
        return pages.reminder_of_list(context.t, sum(item.id in person.ticks for item in items), len(items))

    # steps

    def _question(
        self, context: Context, person: _Person, name: str, *, edit: bool = False, tap: bool = False
    ) -> Step:
        state = TaskState(self.name, f"{_ASK}:{name}", {**person.data(), "edit": edit})
        return Step(state, (self.ask(context, state),), in_place=tap)

    def _ask_next(self, context: Context, person: _Person, *, tap: bool = False) -> Step:
        """The next question that has no answer yet, or the list."""
        done = {WHO, *person.answers, *person.skipped}
        name = next((asked.id for asked in checklist().questions if asked.id not in done), None)
        if name is None:
            return self._show(context, person, tap=tap)
        return self._question(context, person, name, tap=tap)

    def _show(self, context: Context, person: _Person, *, tap: bool = False) -> Step:
        """The list; its buttons work for ever, words about it until something else is asked."""
        reply = pages.listed(context.t, checklist(), person.who, person.answers, person.ticks)
        state = TaskState(self.name, OVER, person.data())
        return Step(state, (reply,), keeps=person.keeps(context), in_place=tap)

    def _set(self, context: Context, person: _Person, name: str, value: str) -> _Person:
        """The person with an answer; another person has a list of their own."""
        if name == WHO:
            return person if value == person.who else _kept(context, value)
        return replace(person, answers={**person.answers, name: value})

    def _answered(
        self, context: Context, state: TaskState, person: _Person, name: str, given: Given
    ) -> Step | None:
        """A typed answer to the question `name`."""
        rules, text = checklist(), given.text
        asked = rules.question(name)
        if asked is None or not short(text):
            return None
        if says(text, "show") or (says(text, "done") and len(text.split()) <= 3):
            return self._show(context, person)
        if says(text, "skip"):
            skipped = replace(person, skipped=(*person.skipped, name))
            return self._after_answer(context, state, skipped)
        if asks(text):
            return None
        value = option_of(rules, asked, text)
        if value is None:
            return None
        return self._after_answer(context, state, self._set(context, person, name, value))

    def _after_answer(
        self, context: Context, state: TaskState | None, person: _Person, *, tap: bool = False
    ) -> Step:
        if state is not None and state.data.get("edit"):
            return self._show(context, person, tap=tap)
        return self._ask_next(context, person, tap=tap)

    def _about_list(self, context: Context, state: TaskState, person: _Person, given: Given) -> Step | None:
        """A text while the list is in hand."""
        t, rules, text = context.t, checklist(), given.text
        items = rules.items_for(person.answers)
        if asks(text) or not short(text):
            return None
        if says(text, "show"):
            return self._show(context, person)
        if says(text, "change"):
            return self._changed(context, state, person, text)
        ticks = ticks_of(text, items)
        if says(text, "lost"):
            named = [
                item for item in items if item.id in (*ticks.named, *ticks.have, *ticks.lack) and item.lost
            ]
            return Step(state, (pages.lost(t, person.who, named or items),))
        if says(text, "differ"):
            return Step(state, (pages.differing(t, person.who),))
        if ticks.have or ticks.lack:
            held = tuple(dict.fromkeys((*person.ticks, *ticks.have)))
            left = tuple(tick for tick in held if tick not in ticks.lack)
            return self._show(context, replace(person, ticks=left))
        if says(text, "done"):
            return Step(None, (Reply(t.gettext(_ENDED)),), keeps=person.keeps(context))
        if ticks.named and len(text.split()) <= 4 and (item := rules.item(ticks.named[0])) is not None:
            return Step(state, (pages.paper(t, person.who, item, person.answers),))
        return None

    def _changed(self, context: Context, state: TaskState, person: _Person, text: str) -> Step:
        """The new answers ("ganti negara malaysia"), or the page that asks which."""
        told = profile_of(checklist(), text)
        if not told:
            for asked in checklist().questions:
                if find_all(text, {asked.id: (asked.short.lower(),)}):
                    return self._question(context, person, asked.id, edit=True)
            return Step(state, (pages.answers(context.t, checklist(), person.who, person.answers),))
        for name, value in told.items():
            person = self._set(context, person, name, value)
        return self._show(context, person)

    # taps

    def _tapped(self, context: Context, state: TaskState | None, parts: list[str]) -> Step | None:
        rules = checklist()
        match parts:
            case ["a", name, value] if state is not None and _valid(name, value):
                return self._after_answer(
                    context, state, self._set(context, _in_hand(context, state), name, value), tap=True
                )
            case ["k", name] if state is not None and rules.question(name):
                person = _in_hand(context, state)
                skipped = replace(person, skipped=(*person.skipped, name))
                return self._after_answer(context, state, skipped, tap=True)
            case ["list"]:
                who = str((context.keeps.get(KEEPS) or {}).get("who") or pages.SELF)
                person = _in_hand(context, state) if state else _kept(context, who)
                return self._show(context, person, tap=True)
            case [what, who, *rest] if _valid(WHO, who):
                return self._on_list(context, state, _kept(context, who), what, rest)
        return None

    def _on_list(
        self, context: Context, state: TaskState | None, person: _Person, what: str, rest: list[str]
    ) -> Step | None:
        """A button under a list; a question that is being asked meanwhile stays in hand."""
        t, rules = context.t, checklist()
        item = rules.item(rest[0]) if rest else None
        match what:
            case "t" if item is not None:
                kept = tuple(tick for tick in person.ticks if tick != item.id)
                ticks = kept if item.id in person.ticks else (*kept, item.id)
                shown = self._show(context, replace(person, ticks=ticks), tap=True)
                return replace(shown, state=state)
            case "i" if item is not None:
                return Step(state, (pages.paper(t, person.who, item, person.answers),))
            case "l":
                found = pages.lost(t, person.who, rules.items_for(person.answers))
                return Step(state, (found,))
            case "s":
                return replace(self._show(context, person, tap=True), state=state)
            case "e":
                return Step(state, (pages.answers(t, rules, person.who, person.answers),), in_place=True)
            case "q" if rest and rules.question(rest[0]):
                return self._question(context, person, rest[0], edit=True, tap=True)
        return None


def _in_hand(context: Context, state: TaskState) -> _Person:
    """The person whom the task in hand is about: kept ticks, and the answers given so far."""
    data = state.data
    person = _kept(context, str(data.get("who") or pages.SELF))
    told = {name: value for name, value in (data.get("answers") or {}).items() if _valid(name, value)}
    return replace(person, answers={**person.answers, **told}, skipped=tuple(data.get("skipped") or ()))
