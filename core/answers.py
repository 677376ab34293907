"""Answers: the written text of each topic with its sources, as it stands in `domain/answers/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from core.replies import Reply, Source
from core.settings import ROOT

PREFIX = "utter_"
MAX_CHARS = 700
"""Longest answer text (DESIGN: short enough for a small screen)."""


class AnswerError(ValueError):
    """An answer file is not as it must be; the message names file, topic and field."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A topic's answer; dates as YYYY-MM-DD."""

    topic: str
    text: str
    sources: tuple[Source, ...]
    checked: str
    review_by: str
    related: tuple[str, ...]

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
    try:
        return Answer(
            topic,
            text.strip(),
            tuple(Source(s["title"], s["publisher"], s["url"], s["date"]) for s in metadata["sources"]),
            date.fromisoformat(metadata["checked"]).isoformat(),
            date.fromisoformat(metadata["review_by"]).isoformat(),
            tuple(metadata["related"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerError(
            f"{topic}: metadata needs sources, checked, review_by, related ({error!r})"
        ) from error


def read_answers(folder: Path = ROOT / "domain" / "answers") -> Mapping[str, Answer]:
    """All answers by topic id; raises `AnswerError` for the first that is not whole."""
    found: dict[str, Answer] = {}
    for path in sorted(folder.glob("*.yml")):
        responses = yaml.safe_load(path.read_text("utf-8"))["responses"]
        for name, variants in responses.items():
            topic = name.removeprefix(PREFIX)
            if len(variants) != 1:
                raise AnswerError(f"{path.name}: {topic} must have one text, has {len(variants)}")
            found[topic] = answer_from(topic, variants[0]["text"], variants[0].get("metadata") or {})
    return found
