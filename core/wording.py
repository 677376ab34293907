"""Reads a message as words that rules know: through typos, stretched letters, slang and digits for letters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.digits import fold

NUMBER = "#"
"""Stands for any number: its digits say nothing to the rules and must not be repeated."""

_TOKEN = re.compile(r"[a-z0-9']+")
_LEET = str.maketrans("0134567", "oieasgt")
_STRETCH = re.compile(r"(.)\1+")
_ENDINGS = ("nya", "ku", "mu", "lah", "kah", "na", "ne", "pun", "x", "q", "e", "s")
_VOWELS = frozenset("aiueo")
_MAX_TOKENS = 4_000  # more words than a Telegram message of 4096 characters can hold
_CACHE = 20_000
_LONG = 24  # a longer "word" is none: it is neither mended nor remembered


def squeeze(word: str) -> str:
    """The word with each run of one letter as a single letter; rules and messages are both read this way."""
    return _STRETCH.sub(r"\1", word)


def _skeleton(word: str) -> str:
    return "".join(c for c in word if c not in _VOWELS)


def _shorter(word: str) -> Iterator[str]:
    yield word
    for i in range(1, len(word)):  # the first letter is seldom mistyped, and keeps unlike words apart
        yield word[:i] + word[i + 1 :]


def _slip(word: str, near: str) -> bool:
    """Whether one letter is missing, doubled up or swapped; another letter in place makes too many real words."""
    return len(word) != len(near) or sorted(word) == sorted(near)


class Reader:
    """Turns a text into known words. Words are taught first (`canon`, `learn`), then texts are read.

    Args:
        synonyms: Known word to the ways it is written.
        safe: Real words that are never taken for a typo of a known one.
    """

    def __init__(self, synonyms: Mapping[str, Iterable[str]], safe: Iterable[str]) -> None:
        self._synonym: dict[str, str] = {}
        for target, words in synonyms.items():
            for word in words:
                self._synonym.setdefault(squeeze(word), squeeze(target))
        self._safe = frozenset(map(squeeze, safe))
        self._vocabulary: set[str] = set(self._synonym) | set(self._synonym.values())
        self._near: dict[str, str] = {}
        self._bones: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    def memory(self) -> dict[str, Any]:
        """All that was taught, as plain values; `from_memory` makes the same reader of it."""
        return {"synonyms": self._synonym, "safe": sorted(self._safe), "vocabulary": sorted(self._vocabulary)}

    @classmethod
    def from_memory(cls, memory: Mapping[str, Any]) -> "Reader":
        """A reader that reads as the one whose `memory` this is."""
        reader = cls({}, memory["safe"])
        reader._synonym = dict(memory["synonyms"])
        reader._vocabulary = set(memory["vocabulary"])
        reader.learn()
        return reader

    def canon(self, words: Iterable[str]) -> frozenset[str]:
        """The words as `read` will give them; they become known."""
        known = frozenset(self._synonym.get(word, word) for word in map(squeeze, words))
        self._vocabulary |= known
        return known

    def learn(self) -> None:
        """Prepares the mending of typos, once all words are known."""
        for word in sorted(self._vocabulary):
            if len(word) >= 6:
                for form in _shorter(word):
                    self._near.setdefault(form, word)
            if len(_skeleton(word)) >= 4:
                self._bones.setdefault(_skeleton(word), word)
        for word in self._safe:
            self._bones.pop(_skeleton(word), None)

    def read(self, text: str) -> list[str]:
        """The words of any text, at most 4,000, each as the rules know it or as it stands."""
        folded, _ = fold(unicodedata.normalize("NFD", text))  # accents fall away: "agén"
        raws: list[str] = []
        for match in _TOKEN.finditer(folded):
            raw = match[0].strip("'")
            if raw.isdigit() or not raw:
                raws.append(NUMBER)
            elif len(raw) > 2 and raw[-1] == "2" and raw[:-1].isalpha():
                raws += (raw[:-1], raw[:-1])  # "raba2"
            else:
                raws.append(raw if raw.isalpha() else raw.translate(_LEET))
            if len(raws) >= _MAX_TOKENS:
                break
        return list(self._joined(raws))

    def _joined(self, raws: list[str]) -> Iterator[str]:
        skip = False
        for raw, after in zip(raws, [*raws[1:], ""], strict=False):
            if skip:
                skip = False
                continue
            joined = ""
            if after and raw in ("di", "d", "dipun"):
                joined = squeeze("di" + after)  # "di pukul", "d siksa", "dipun sikso"
            elif 2 <= len(raw) <= 4 and 2 <= len(after) <= 4 and squeeze(raw) not in self._vocabulary:
                joined = squeeze(raw + after)  # "bun uh"
            skip = len(joined) >= 5 and (
                joined in self._vocabulary or (raw != "di" and self._ends_known(joined))
            )
            yield self._word(joined if skip else raw)

    def _ends_known(self, word: str) -> bool:
        return any(word.endswith(e) and word[: -len(e)] in self._vocabulary for e in _ENDINGS[:2])

    def _word(self, raw: str) -> str:
        known = self._seen.get(raw)
        if known is None:
            known = self._mend(raw)
            if len(raw) <= _LONG and len(self._seen) < _CACHE:
                self._seen[raw] = known
        return known

    def _mend(self, raw: str) -> str:
        word = squeeze(raw)
        if word in self._vocabulary:
            return self._synonym.get(word, word)
        if word in self._safe or len(word) > _LONG:
            return word
        for ending in _ENDINGS:
            stem = word[: -len(ending)]
            if len(stem) >= 2 and word.endswith(ending) and stem in self._vocabulary:
                return self._synonym.get(stem, stem)
        found = None
        if len(word) >= 5:
            nearest = map(self._near.get, _shorter(word))
            found = next((near for near in nearest if near and _slip(word, near)), None)
        if found is None and 4 <= len(word) <= 9 and sum(c in _VOWELS for c in word) <= 1:
            found = self._bones.get(_skeleton(word))
        return self._synonym.get(found, found) if found else word
