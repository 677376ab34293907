"""Languages: messages, dates and numbers as a person reads them, and which language a text is in.

All texts are written in Indonesian; catalogues under `locales/` (domain "desmi") hold the translations.
"""

import gettext as stdlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from core import plain_yaml

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locales"
DOMAIN = "desmi"

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_MAX_WORDS = 400  # the language of a long story shows in its beginning


class LanguageError(ValueError):
    """content/languages.yml is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language Desmi speaks: code, own name, Babel's locale for it, and words that tell it apart.

    `reviewed`: whether somebody who grew up with it has read the texts.
    """

    code: str
    name: str
    locale: str
    words: frozenset[str]
    reviewed: bool = True


def mark(message: str) -> str:
    """Marks a text for extraction where it is defined; it is translated where it is shown."""
    return message


def read_languages(path: Path) -> dict[str, Language]:
    """Reads the list of languages, the source language first.

    Raises:
        LanguageError: A field is missing, no locale exists, or a word stands in two languages' lists.
    """
    languages: dict[str, Language] = {}
    owner: dict[str, str] = {}
    raw: dict[str, Any] = plain_yaml.load(path.read_text(encoding="utf-8"))
    for entry in raw["languages"]:
        try:
            code, name, locales = str(entry["code"]), str(entry["name"]), list(entry["locales"])
            words = frozenset(str(entry["words"]).split())
        except (KeyError, TypeError) as error:
            raise LanguageError(f"{path.name}: {entry!r}: {error}") from error
        locale = next((str(c) for c in locales if _exists(str(c))), None)
        if locale is None:
            raise LanguageError(f"{path.name}: {code}: none of {locales} is a known locale")
        for word in words:
            if word in owner:
                raise LanguageError(f"{path.name}: {word!r} stands in {owner[word]} and {code}")
            owner[word] = code
        languages[code] = Language(code, name, locale, words, bool(entry.get("reviewed", True)))
    return languages


def _exists(locale: str) -> bool:
    try:
        Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return False
    return True


LANGUAGES: dict[str, Language] = read_languages(ROOT / "content" / "languages.yml")
"""By code, the source language first."""
SOURCE = next(iter(LANGUAGES))
"""The code of the language the texts are written in."""


class Translator:
    """Says texts, dates and numbers in one language; what has no translation comes in the source language."""

    __slots__ = ("_catalogue", "language")

    def __init__(self, language: Language, catalogue: stdlib.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str) -> str:
        """The translation of a source text."""
        return self._catalogue.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The translation for `n` things."""
        return self._catalogue.ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        """The translation of a short text that means different things in different places."""
        return self._catalogue.pgettext(context, message)

    def has(self, message: str) -> bool:
        """Whether the text can be read in this language as it is or through its catalogue."""
        return self.language.code == SOURCE or self._catalogue.gettext(message) != message

    def date(self, day: date, form: str = "long") -> str:
        """A date as this language writes it; `form` is a Babel length or pattern ("long", "MMMM y")."""
        return format_date(day, form, locale=self.language.locale)

    def weekdays(self) -> list[str]:
        """The days' names from Monday on."""
        names = get_day_names("wide", "stand-alone", self.language.locale)
        return [names[day] for day in range(7)]

    def number(self, value: float) -> str:
        """A number with this language's marks for thousands and decimals."""
        return format_decimal(value, locale=self.language.locale)


@lru_cache(maxsize=16)
def translator(lang: str, locales: Path = LOCALES) -> Translator:
    """The translator for a language code; an unknown code or missing catalogue speaks the source language."""
    language = LANGUAGES.get(lang, LANGUAGES[SOURCE])
    catalogue: stdlib.NullTranslations
    try:
        catalogue = stdlib.translation(DOMAIN, str(locales), [language.code])
    except (OSError, ValueError, UnicodeDecodeError):
        catalogue = stdlib.NullTranslations()
    return Translator(language, catalogue)


def count_words(words: Iterable[str]) -> dict[str, int]:
    """How many of the words each language claims."""
    counts = dict.fromkeys(LANGUAGES, 0)
    for word in words:
        for code, language in LANGUAGES.items():
            if word in language.words:
                counts[code] += 1
                break
    return counts


def detect(text: str) -> str:
    """The language code of a message, by its function words; the source language where they do not tell.

    Javanese and Sundanese speakers mix in Indonesian words, seldom the reverse, so a draw goes to theirs.
    """
    words: list[str] = []
    for match in _WORD.finditer(text.lower()):
        words.append(match[0])
        if len(words) == _MAX_WORDS:
            break
    counts = count_words(words)
    best = max(counts.values())
    winners = [code for code, n in counts.items() if n == best and n > 0]
    return winners[-1] if len(winners) == 2 and winners[0] == SOURCE else winners[0] if winners else SOURCE
