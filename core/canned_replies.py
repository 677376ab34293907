"""Canned replies: sentences that staff send with one click (`content/canned_replies.yml`), in the person's language."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from core import plain_yaml
from core.hotlines import hotlines
from core.languages import Translator
from core.settings import ROOT


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = plain_yaml.load((ROOT / "content" / "canned_replies.yml").read_text("utf-8"))
    return raw


def canned_replies() -> Mapping[str, str]:
    """The sentences by name, in the source language."""
    return {str(name): str(text) for name, text in _file()["texts"].items()}


def said_in(t: Translator, name: str) -> str:
    """A sentence in a person's language, numbers filled in; raises `KeyError` for an unknown one.

    Translations are younger than the text, so where safety hangs on the words the source's stand below them.
    """
    text, today = canned_replies()[name], date.today()
    said = hotlines().fill(t.gettext(text), today, t.language.code)
    if name not in _file()["safety"] or t.gettext(text) == text:
        return said
    return f"{said}\n\n{hotlines().fill(text, today)}"
