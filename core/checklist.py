"""Checklist: which papers a person needs, by rules kept as data with their sources (`content/checklist.yml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core import plain_yaml
from core.countries import countries
from core.replies import Source
from core.settings import ROOT
from core.topics import topics

CHECKLIST = ROOT / "content" / "checklist.yml"
WHO, COUNTRY, AGE = "who", "country", "age"
_NEEDED = (WHO, COUNTRY, AGE)
_MAX_ID = 20  # codes of buttons hold a person and an item, and have 64 bytes

Profile = Mapping[str, str]
"""Answers by question id; a question that was not answered is missing."""


class ChecklistError(ValueError):
    """content/checklist.yml is not as it must be; the message names every entry that is wrong."""


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer; `of` is how the person is named in headings.

    `words` mean it wherever they stand, `replies` only as an answer to the question.
    """

    id: str
    label: str
    words: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the list; every one may be skipped. `short` names it beside its answer."""

    id: str
    text: str
    short: str
    options: tuple[Option, ...]

    def option(self, value: str) -> Option | None:
        """The option with this id."""
        return next((option for option in self.options if option.id == value), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a text holds, what it says, and where that was read; `checked` as YYYY-MM-DD.

    `when` holds unless an answer says otherwise, `only` needs the answer to be known.
    """

    text: str
    when: Mapping[str, frozenset[str]]
    only: Mapping[str, frozenset[str]]
    sources: tuple[Source, ...]
    checked: str

    def holds(self, profile: Profile) -> bool:
        """Whether it is for somebody with these answers."""
        return all(profile.get(key, "") in ("", *values) for key, values in self.when.items()) and all(
            profile.get(key, "") in values for key, values in self.only.items()
        )


@dataclass(frozen=True, slots=True)
class Note:
    """A remark above the list, and the topic that says more."""

    id: str
    topic: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Item:
    """A paper: its name (the rule's text), the topic it opens, and what is known of getting it (empty if nothing)."""

    id: str
    order: int
    topic: str
    lost: str
    words: tuple[str, ...]
    where: str
    pays: str
    takes: str
    rule: Rule
    details: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """The paper's name."""
        return self.rule.text


@dataclass(frozen=True, slots=True)
class Checklist:
    """All questions, papers and notes."""

    questions: tuple[Question, ...]
    items: tuple[Item, ...]
    notes: tuple[Note, ...]
    ages: Mapping[str, tuple[int, int]]

    def question(self, name: str) -> Question | None:
        """The question with this id."""
        return next((question for question in self.questions if question.id == name), None)

    def item(self, name: str) -> Item | None:
        """The paper with this id."""
        return next((item for item in self.items if item.id == name), None)

    def items_for(self, profile: Profile) -> list[Item]:
        """The papers for these answers, in the order in which they are got."""
        return [item for item in self.items if item.rule.holds(profile)]

    def notes_for(self, profile: Profile) -> list[Note]:
        """The notes for these answers."""
        return [note for note in self.notes if note.rule.holds(profile)]

    def age(self, years: int) -> str | None:
        """The age option that this many years fall into."""
        return next((name for name, (low, high) in self.ages.items() if low <= years <= high), None)


class _Reader:
    """Reads the file and gathers what is wrong with it."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.wrong: list[str] = []
        self.sources = {name: self._source(name, entry) for name, entry in _mapping(raw, "sources").items()}
        self.used: set[str] = set()
        self.questions = tuple(self._question(entry) for entry in _list(raw, "questions"))
        self.values = {q.id: {option.id for option in q.options} for q in self.questions}
        self.values[COUNTRY] = {country.id for country in countries()}

    def read(self) -> Checklist:
        """The whole list; raises `ChecklistError`."""
        items = tuple(self._item(entry) for entry in _list(self.raw, "items"))
        notes = tuple(self._note(entry) for entry in _list(self.raw, "notes"))
        ages = {str(name): (int(span[0]), int(span[1])) for name, span in _mapping(self.raw, "ages").items()}
        for kind, names in (("item", [i.id for i in items]), ("note", [n.id for n in notes])):
            self._say(*(f"{kind} {name} stands twice" for name in names if names.count(name) > 1))
        self._say(*(f"source {name} is not used" for name in self.sources if name not in self.used))
        self._say(*(f"question {name} is missing" for name in _NEEDED if name not in self.values))
        self._say(*(f"ages: no option {name}" for name in ages if name not in self.values.get(AGE, ())))
        if self.wrong:
            raise ChecklistError("checklist: " + "; ".join(dict.fromkeys(self.wrong)))
        return Checklist(self.questions, tuple(sorted(items, key=lambda item: item.order)), notes, ages)

    def _say(self, *messages: str) -> None:
        self.wrong.extend(messages)

    def _text(self, where: str, entry: Mapping[str, Any], field: str, needed: bool = True) -> str:
        value = entry.get(field, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self._say(f"{where}: {field} must be text in quotes")
            return ""
        return value

    def _source(self, name: str, entry: Any) -> Source:
        fields = ("title", "publisher", "url", "date")
        if not isinstance(entry, Mapping) or not all(isinstance(entry.get(field), str) for field in fields):
            self._say(f"source {name}: needs {', '.join(fields)} as text in quotes")
            return Source(name, "", "", "")
        return Source(*(entry[field] for field in fields))

    def _question(self, entry: Mapping[str, Any]) -> Question:
        name = self._text("question", entry, "id")
        options = []
        for raw in _list(entry, "options"):
            where = f"question {name}, option {raw.get('id')}"
            option = Option(
                self._text(where, raw, "id"),
                self._text(where, raw, "label"),
                tuple(map(str, raw.get("words") or ())),
                tuple(map(str, raw.get("replies") or ())),
                self._text(where, raw, "of", needed=False),
            )
            options.append(option)
        where = f"question {name}"
        return Question(
            name, self._text(where, entry, "text"), self._text(where, entry, "short"), tuple(options)
        )

    def _rule(self, where: str, entry: Mapping[str, Any], text: str) -> Rule:
        names = [str(name) for name in entry.get("sources") or ()]
        self.used.update(names)
        self._say(*(f"{where}: no source {name}" for name in names if name not in self.sources))
        if not names:
            self._say(f"{where}: sources are missing")
        checked = self._text(where, entry, "checked")
        try:
            date.fromisoformat(checked)
        except ValueError:
            self._say(f'{where}: checked must be a date in quotes, like "2026-11-23"')
        conditions = [self._condition(where, entry.get(key) or {}) for key in ("when", "only")]
        found = tuple(self.sources[name] for name in names if name in self.sources)
        return Rule(self._text(where, entry, text), conditions[0], conditions[1], found, checked)

    def _condition(self, where: str, raw: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
        for key, values in raw.items():
            unknown = sorted(map(str, set(values) - self.values.get(key, set())))
            self._say(*(f"{where}: {key} has no answer {value}" for value in unknown))
        return {key: frozenset(values) for key, values in raw.items()}

    def _topic(self, where: str, entry: Mapping[str, Any], field: str, needed: bool = True) -> str:
        topic = self._text(where, entry, field, needed)
        if topic and topic not in topics():
            self._say(f"{where}: {field} {topic} is no topic")
        return topic

    def _item(self, entry: Mapping[str, Any]) -> Item:
        name = self._text("item", entry, "id")
        where = f"item {name}"
        if len(name) > _MAX_ID:
            self._say(f"{where}: the id is over {_MAX_ID} letters")
        order = entry.get("order")
        if not isinstance(order, int):
            self._say(f"{where}: order must be a number")
        return Item(
            name,
            order if isinstance(order, int) else 0,
            self._topic(where, entry, "topic"),
            self._topic(where, entry, "lost", needed=False),
            tuple(str(word) for word in entry.get("words") or ()),
            self._text(where, entry, "where", needed=False),
            self._text(where, entry, "pays", needed=False),
            self._text(where, entry, "takes", needed=False),
            self._rule(where, entry, "name"),
            tuple(self._rule(f"{where}, detail", detail, "text") for detail in entry.get("details") or ()),
        )

    def _note(self, entry: Mapping[str, Any]) -> Note:
        name = self._text("note", entry, "id")
        where = f"note {name}"
        return Note(name, self._topic(where, entry, "topic"), self._rule(where, entry, "text"))


def _mapping(raw: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = raw.get(field)
    if not isinstance(value, Mapping) or not value:
        raise ChecklistError(f"checklist: {field} is missing")
    return value


def _list(raw: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    value = raw.get(field)
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value) or not value:
        raise ChecklistError(f"checklist: {field} must be a list of entries")
    return value


def read_checklist(path: Path) -> Checklist:
    """Read the rules, all of them or none; raises `ChecklistError`."""
    try:
        raw = plain_yaml.load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ChecklistError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(raw, Mapping):
        raise ChecklistError(f"{path.name}: must have sources, questions, items and notes")
    return _Reader(raw).read()


@lru_cache(maxsize=1)
def checklist() -> Checklist:
    """The product's rules, read once."""
    return read_checklist(CHECKLIST)
