"""Answers: the written text of each topic with its sources, as it stands in `domain/answers/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core import plain_yaml
from core.countries import countries
from core.replies import Reply, Source
from core.settings import ROOT
from core.topics import topics

PREFIX = "utter_"
MAX_CHARS = 700
"""Longest answer text (DESIGN: short enough for a small screen)."""


class AnswerError(ValueError):
    """An answer file is not as it must be; the message names topic and field, and the file where there is one."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What a topic's answer says where the question is about one country, with the sources of just that."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A topic's answer; dates as YYYY-MM-DD.

    `by_country`: texts for one country (ISO code) that stand in the answer's stead. `numbers_first`: kinds of
    hotlines, the first first; those of a country stand before the text.
    """

    topic: str
    text: str
    sources: tuple[Source, ...]
    checked: str
    review_by: str
    related: tuple[str, ...]
    by_country: Mapping[str, Variant] = field(default_factory=dict)
    numbers_first: tuple[str, ...] = ()

    def is_stale(self, today: date) -> bool:
        """Whether its review date has passed."""
        return date.fromisoformat(self.review_by) < today

    def reply(self) -> Reply:
        """The answer as a reply, hotline placeholders not yet filled."""
        return Reply(
            self.text,
            topic=self.topic,
            sources=self.sources,
            checked=self.checked,
            review_by=self.review_by,
            related=self.related,
        )


def answer_from(topic: str, text: str, metadata: Mapping[str, Any]) -> Answer:
    """Build an answer from a response's text and metadata; raises `AnswerError` naming what is missing."""
    return Answer(
        topic,
        text.strip(),
        tuple(_source(topic, source) for source in _list(topic, metadata, "sources")),
        _day(topic, metadata, "checked"),
        _day(topic, metadata, "review_by"),
        tuple(str(related) for related in _list(topic, metadata, "related")),
        _variants(topic, metadata),
        tuple(map(str, _list(topic, {"numbers_first": [], **metadata}, "numbers_first"))),
    )


def _variants(topic: str, metadata: Mapping[str, Any]) -> Mapping[str, Variant]:
    raw = metadata.get("by_country", {})
    if not isinstance(raw, Mapping):
        raise AnswerError(f"{topic}: by_country must name countries")
    found: dict[str, Variant] = {}
    for code, entry in raw.items():
        where = f"{topic}: by_country {code}"
        if code not in countries():
            raise AnswerError(f"{where}: no such country in content/countries.yml")
        text = entry.get("text") if isinstance(entry, Mapping) else None
        if not isinstance(text, str) or not text.strip():
            raise AnswerError(f"{where}: text is missing")
        sources = tuple(_source(where, source) for source in _list(where, entry, "sources"))
        found[code] = Variant(text.strip(), sources)
    return found


def _list(topic: str, metadata: Mapping[str, Any], field: str) -> list[Any]:
    value = metadata.get(field)
    if not isinstance(value, list):
        raise AnswerError(f"{topic}: {field} must be a list")
    return value


def _day(topic: str, metadata: Mapping[str, Any], field: str) -> str:
    value = metadata.get(field)
    try:
        # a bare date in YAML is no text; in quotes it comes through Rasa unchanged
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError as error:
        raise AnswerError(f'{topic}: {field} must be a date in quotes, like "2026-11-23"') from error


def _source(topic: str, source: Any) -> Source:
    names = ("title", "publisher", "url", "date")
    for name in names:
        if not isinstance(source, Mapping) or not isinstance(source.get(name), str):
            raise AnswerError(f"{topic}: each of sources needs {name} as text in quotes")
    return Source(*(source[name] for name in names))


def read_answers(folder: Path = ROOT / "domain" / "answers") -> Mapping[str, Answer]:
    """All answers by topic id; raises `AnswerError` for the first that is not whole."""
    found: dict[str, Answer] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, variants in _responses(path).items():
            topic = str(name).removeprefix(PREFIX)
            try:
                if topic not in topics():
                    raise AnswerError(f"{topic}: no such topic in content/topics.yml")
                if topic in found:
                    raise AnswerError(f"{topic}: stands in two files")
                found[topic] = _only(topic, variants)
            except AnswerError as error:
                raise AnswerError(f"{path.name}: {error}") from error
    return found


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    # a page of the console reads all files anew, and parsing them takes tens of milliseconds
    return plain_yaml.load(text)


def _responses(path: Path) -> Mapping[str, Any]:
    try:
        raw = _parsed(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AnswerError(f"{path.name}: cannot be read: {error}") from error
    responses = raw.get("responses") if isinstance(raw, Mapping) else None
    if not isinstance(responses, Mapping):
        raise AnswerError(f"{path.name}: responses is missing")
    return responses


def _only(topic: str, variants: Any) -> Answer:
    """The one answer of a topic as its file gives it."""
    if not isinstance(variants, list) or len(variants) != 1 or not isinstance(variants[0], Mapping):
        raise AnswerError(f"{topic}: must have one text")
    text, metadata = variants[0].get("text"), variants[0].get("metadata")
    if not isinstance(text, str) or not text.strip():
        raise AnswerError(f"{topic}: text is missing")
    if not isinstance(metadata, Mapping):
        raise AnswerError(f"{topic}: metadata is missing")
    answer = answer_from(topic, text, metadata)
    unknown = [name for name in answer.related if name not in topics() or name == topic]
    if unknown:
        raise AnswerError(f"{topic}: related names {', '.join(unknown)}, which is no other topic")
    return answer
