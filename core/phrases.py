"""Phrases: short messages that mean a command (`content/phrases.yml`)."""

import re
from functools import lru_cache

import yaml

from core.settings import ROOT

_MARKS = re.compile(r"[^\w ]+")
_LONGEST = 40


@lru_cache(maxsize=1)
def _cancel() -> frozenset[str]:
    raw = yaml.safe_load((ROOT / "content" / "phrases.yml").read_text("utf-8"))
    return frozenset(str(phrase) for phrase in raw["cancel"])


def is_cancel(text: str) -> bool:
    """Whether the whole message means "stop this"."""
    return len(text) <= _LONGEST and " ".join(_MARKS.sub(" ", text.lower()).split()) in _cancel()
