"""How people write about places: words, their roles, and the spelling that is compared."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import plain_yaml

MAX_CHARS = 1000  # an address fits in far less; a longer text is a story or an attack
MAX_WORDS = 80

_WORD = re.compile(r"[^\W_]+|[,;\n.!?]")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        text: Plain lower-case form, short forms written out.
        level: What it says about the name after it ("village", "city", ...), if it is such a word.
        breaks: True if a comma, full stop or new line stands before it.
    """

    text: str
    level: str | None
    breaks: bool


@dataclass(frozen=True, slots=True)
class Aliases:
    """The content of `content/place_aliases.yml`."""

    names: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, str]
    short: Mapping[str, str]
    directions: frozenset[str]
    before: frozenset[str]
    between: frozenset[str]
    glued: tuple[str, ...]
    chat: frozenset[str]
    ordinary: frozenset[str]
    foreign: frozenset[str]
    shapes: re.Pattern[str] = field(repr=False)

    def is_ordinary(self, word: str) -> bool:
        """Tell whether a word belongs to ordinary sentences and is no hint of a place."""
        return (
            word in self.ordinary
            or word in self.chat
            or word in self.foreign
            or self.shapes.fullmatch(word) is not None
        )


def load_aliases(path: Path) -> Aliases:
    """Read the words around place names.

    Args:
        path: `content/place_aliases.yml`.

    Returns:
        The words, ready for `PlaceFinder`.

    Raises:
        KeyError: If a section is missing.
        ValueError: If one word is given two levels.
    """
    data: dict[str, Any] = plain_yaml.load(path.read_text(encoding="utf-8"))
    levels: dict[str, str] = {}
    for level, words in data["levels"].items():
        for word in words:
            if levels.setdefault(word, level) != level:
                raise ValueError(f"{path.name}: '{word}' has two levels")
    return Aliases(
        names={key(name): tuple(codes) for name, codes in data["names"].items()},
        levels=levels,
        short=dict(data["short"]),
        directions=frozenset(data["directions"]),
        before=frozenset(data["before"]),
        between=frozenset(data["between"]),
        glued=tuple(sorted(data["glued"], key=len, reverse=True)),
        chat=frozenset(data["chat"]),
        ordinary=frozenset(data["ordinary"]).union(data["resembling"].split()),
        foreign=frozenset(data["foreign"]),
        shapes=re.compile("|".join(data["ordinary_shapes"])),
    )


def plain(text: str) -> str:
    """Return the text in lower case, without accents and apostrophes."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _APOSTROPHES.sub("", "".join(c for c in folded if not unicodedata.combining(c)))


def key(text: str, short: Mapping[str, str] | None = None) -> str:
    """Return the form in which names are compared: no spaces, capitals, accents or punctuation.

    Args:
        text: A name.
        short: Short forms to write out ("kp" for "kampung").
    """
    shorts = short or {}
    return "".join(shorts.get(w, _ROMAN.get(w, w)) for w in _WORD.findall(plain(text)) if w[0].isalnum())


def words(text: str, aliases: Aliases) -> list[Word]:
    """Split a text into words with their roles; what lies beyond the caps is not read."""
    found: list[Word] = []
    breaks = False
    for raw in _WORD.findall(plain(text[:MAX_CHARS])):
        if not raw[0].isalnum():
            # "Kec. Sindang": a full stop after a level word or a short form ends no sentence
            breaks = raw != "." or not (found and (found[-1].level or len(found[-1].text) <= 3))
            continue
        word = aliases.short.get(raw, _ROMAN.get(raw, raw))
        found.append(Word(word, aliases.levels.get(raw) or aliases.levels.get(word), breaks))
        breaks = False
        if len(found) == MAX_WORDS:
            break
    return found
