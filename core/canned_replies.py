"""Canned replies: sentences that staff send with one click (`content/canned_replies.yml`), in the person's language."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import yaml

from core.hotlines import hotlines
from core.languages import Translator
from core.settings import ROOT


@lru_cache(maxsize=1)
def canned_replies() -> Mapping[str, str]:
    """The sentences by name, in the source language."""
    raw = yaml.safe_load((ROOT / "content" / "canned_replies.yml").read_text("utf-8"))
    return {str(name): str(text) for name, text in raw["texts"].items()}


def said_in(t: Translator, name: str) -> str:
    """A sentence in a person's language, numbers filled in; raises `KeyError` for an unknown one."""
    return hotlines().fill(t.gettext(canned_replies()[name]), date.today(), t.language.code)
