"""Phrases: short messages that mean a command (`content/phrases.yml`)."""

import re
from functools import lru_cache

import yaml

from core.settings import ROOT

_MARKS = re.compile(r"[^\w ]+")
_LONGEST = 40


@lru_cache(maxsize=2)
def _listed(name: str) -> frozenset[str]:
    raw = yaml.safe_load((ROOT / "content" / "phrases.yml").read_text("utf-8"))
    return frozenset(str(phrase) for phrase in raw[name])


def is_cancel(text: str) -> bool:
    """Whether the whole message means "stop this"."""
    return len(text) <= _LONGEST and " ".join(_MARKS.sub(" ", text.lower()).split()) in _listed("cancel")


def is_question(text: str) -> bool:
    """Whether a message asks something: by its mark, or by a word that asks."""
    return "?" in text or not _listed("question").isdisjoint(_MARKS.sub(" ", text.lower()).split())
