"""The held-out files: rows of sentences, and conversations."""

import csv
from dataclasses import dataclass
from typing import Any

from core import plain_yaml
from core.settings import ROOT

HELD_OUT = ROOT / "tests" / "heldout"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn of a held-out conversation: `topics` that serve as answer; `kind` follow_up, standalone or "" for a first one."""

    text: str
    topics: tuple[str, ...]
    kind: str
    tapped: str | None
    country: str | None
    language: str


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a held-out CSV file."""
    with (HELD_OUT / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_talks() -> list[list[Spoken]]:
    """The held-out conversations."""
    raw: dict[str, Any] = plain_yaml.load((HELD_OUT / "follow_ups.yml").read_text("utf-8"))
    return [[_spoken(turn, talk["language"]) for turn in talk["turns"]] for talk in raw["conversations"]]


def _spoken(turn: dict[str, Any], language: str) -> Spoken:
    named = turn["topic"]
    topics = tuple(named) if isinstance(named, list) else (named,)
    return Spoken(
        turn.get("text", ""), topics, turn.get("kind", ""), turn.get("tap"), turn.get("country"), language
    )
