"""Sentences: those that Desmi is taught with (`nlu/`) and those that measure it (`tests/heldout/`)."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import plain_yaml
from core.settings import ROOT

NLU = ROOT / "nlu"
HELD_OUT = ROOT / "tests" / "heldout"

_MARKS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the topic that it is taught for."""

    text: str
    topic: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A held-out sentence: `part` is `questions`, `out_of_scope` or `lookalikes`; `topic` the right one."""

    text: str
    topic: str
    language: str
    register: str
    part: str


def plain(text: str) -> str:
    """Letters and digits in one case, single spaces: what two sentences are compared by."""
    return " ".join(_MARKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())


def training() -> tuple[Sentence, ...]:
    """All sentences of `nlu/*.yml`, read anew when a file changed."""
    return _training(_stamp(NLU, "*.yml"), NLU)


def held_out() -> tuple[str, ...]:
    """All sentences that may not be taught, whatever they measure."""
    return _held_out(_stamp(HELD_OUT, "*"), HELD_OUT)


def measured(folder: Path = HELD_OUT) -> list[Measured]:
    """The sentences that a model is measured with, in the files' order."""
    found: list[Measured] = []
    for part in ("questions", "out_of_scope", "lookalikes"):
        for row in _rows(folder / f"{part}.csv"):
            topic = row.get("topic", "bot/out_of_scope")
            found.append(Measured(row["text"], topic, row["language"], row.get("register", ""), part))
    return found


def _stamp(folder: Path, pattern: str) -> tuple[tuple[str, int], ...]:
    return tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob(pattern)))


@lru_cache(maxsize=2)
def _training(_stamp: object, folder: Path) -> tuple[Sentence, ...]:
    return tuple(sentence for path in sorted(folder.glob("*.yml")) for sentence in read_sentences(path))


def read_sentences(path: Path) -> Iterator[Sentence]:
    """The sentences of one file in the form of `nlu/*.yml`."""
    raw: Any = plain_yaml.load(path.read_text("utf-8"))
    for entry in (raw or {}).get("nlu") or ():
        if "intent" in entry:
            lines = (line.strip() for line in entry["examples"].splitlines())
            yield from (Sentence(line[2:].strip(), entry["intent"]) for line in lines if line[:2] == "- ")


@lru_cache(maxsize=2)
def _held_out(_stamp: object, folder: Path) -> tuple[str, ...]:
    found = [row["text"] for path in sorted(folder.glob("*.csv")) for row in _rows(path)]
    follow_ups = folder / "follow_ups.yml"
    if follow_ups.exists():
        talks = plain_yaml.load(follow_ups.read_text("utf-8"))["conversations"]
        turns = [turn for talk in talks for turn in talk["turns"]]
        # a follow-up means nothing without its conversation, so its words may be taught
        found += [turn["text"] for turn in turns if "text" in turn and turn.get("kind") != "follow_up"]
    return tuple(found)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
