"""Search in encrypted messages: words are normalised, and their keyed hashes stand in an index."""

import re
import unicodedata

from core.keys import Keys

MOST_WORDS = 200
"""Words of one message that are indexed; nobody searches for what comes after."""

_WORD = re.compile(r"[^\W_]+")
_LEAST_LETTERS = 2
_CLITICS = ("nya", "kah", "lah", "pun")
"""Endings that change nothing of what a word is about."""
_STEM_LETTERS = 4


def words(text: str) -> list[str]:
    """The different words of a text in the form in which they are compared, in their order."""
    # folded again: ornate capitals become plain capitals only here (Unicode, D146: compatibility caseless match)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = dict.fromkeys(_stem(word) for word in _WORD.findall(plain) if len(word) >= _LEAST_LETTERS)
    return list(found)[:MOST_WORDS]


def _stem(word: str) -> str:
    for ending in _CLITICS:
        if word.endswith(ending) and len(word) >= len(ending) + _STEM_LETTERS:
            return word.removesuffix(ending)
    return word


def hashes(keys: Keys, text: str) -> list[int]:
    """What stands for the words of a text in the index: 63 bits each, which only the key's holder can make."""
    return [int.from_bytes(keys.blind("word", word)[:8], "big") >> 1 for word in words(text)]
