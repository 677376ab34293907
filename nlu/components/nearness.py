"""Finding the word that was meant: by its consonants, or by one or two slips. No Rasa here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import log

VOWELS = frozenset("aeiou")
_STOPS = frozenset("bpdtgkjcs")
_SOUND_ALIKE = frozenset(map(frozenset, ("sz", "fp", "pv", "fv", "jz", "iy", "kq", "uw")))
_LONG = 8
"""From this length on a word may hold two slips."""
_PREFIX = 8
"""Letters of a long word in which two deletions are looked up, which keeps the index small."""


def skeleton(word: str) -> str:
    """First letter and consonants, doubles once: paspor -> pspr."""
    kept = word[:1] + "".join(c for c in word[1:] if c not in VOWELS)
    return "".join(c for i, c in enumerate(kept) if i == 0 or c != kept[i - 1])


def _without_nasals(bones: str) -> str:
    """The skeleton as often typed, without m or n before a stop: brngkt -> brgkt."""
    return bones[:1] + "".join(
        c
        for i, c in enumerate(bones[1:], 1)
        if not (c in "mn" and i + 1 < len(bones) and bones[i + 1] in _STOPS)
    )


def is_within(short: str, long: str) -> bool:
    """Whether the letters of `short` stand in `long` in their order."""
    letters = iter(long)
    return all(c in letters for c in short)


def distance(a: str, b: str, most: int) -> int:
    """Damerau-Levenshtein distance (neighbours swapped count one), or `most` + 1 if it is greater."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    twice: list[int] = []
    above: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        twice, above, row = above, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, twice[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


class NearWords:
    """An index of words with counts."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """`counts`: the words that may be meant, each with how often it occurs."""
        self._counts = dict(counts)
        self._bones: dict[str, list[str]] = {}
        self._slips: dict[str, list[str]] = {}
        for word in sorted(self._counts):
            bones = skeleton(word)
            for key in {bones, _without_nasals(bones)}:
                self._bones.setdefault(key, []).append(word)
            if len(word) >= 4:
                for key in set(_deletions(word)):
                    self._slips.setdefault(key, []).append(word)

    def by_consonants(self, token: str, most_missing: int) -> str | None:
        """The likeliest word of which `token` is a shortened spelling, at most `most_missing` letters left out."""
        least = 10 if len(token) <= 3 else 3
        best: tuple[float, str] | None = None
        for word in self._bones.get(skeleton(token), ()):
            missing = len(word) - len(token)
            if word == token or self._counts[word] < least or not 0 <= missing <= most_missing:
                continue
            if is_within(token, word):
                score = log(self._counts[word]) - 0.7 * missing
                if best is None or score > best[0]:
                    best = (score, word)
        return best[1] if best else None

    def by_slips(self, token: str) -> str | None:
        """The likeliest word one slip away (two, if both have eight letters or more)."""
        if len(token) < 4:
            return None
        best: tuple[float, str] | None = None
        for word in self._near(token):
            most = 2 if min(len(token), len(word)) >= _LONG else 1
            slips = distance(token, word, most)
            if slips > most:
                continue
            count = self._counts[word]
            # short words have many neighbours: only a common one is believed, and only for swapped letters
            swapped = sorted(token) == sorted(word)
            if (len(token) == 4 and not swapped) or (len(token) <= 6 and count < 4 and not swapped):
                continue
            score = log(count) - 3.0 * slips + (1.0 if swapped else 0.0)
            if best is None or score > best[0]:
                best = (score, word)
        return best[1] if best else None

    def by_safe_slip(self, token: str) -> str | None:
        """As `by_slips` for what could be a word of its own: only slips that hardly make another word."""
        best: tuple[int, str] | None = None
        for word in self._near(token):
            if _is_safe(token, word) and (best is None or self._counts[word] > best[0]):
                best = (self._counts[word], word)
        return best[1] if best else None

    def _near(self, token: str) -> list[str]:
        """Words with a key in common, in alphabetical order."""
        keys = set(_deletions(token))
        return sorted(
            {w for key in keys for w in self._slips.get(key, ()) if w != token and _alike(token, w)}
        )


def _is_safe(token: str, word: str) -> bool:
    """Whether one likely slip leads from the word to the token."""
    if len(token) == len(word):
        wrong = [i for i, (x, y) in enumerate(zip(token, word, strict=True)) if x != y]
        if len(wrong) == 2:
            i, j = wrong
            return j == i + 1 and len(token) >= 5 and token[i] == word[j] and token[j] == word[i]
        if len(wrong) != 1:
            return False
        pair = frozenset((token[wrong[0]], word[wrong[0]]))
        if pair in _SOUND_ALIKE:
            return len(token) >= 5
        return len(token) >= 9 and pair <= VOWELS and wrong[0] < len(token) - 1
    # a letter too many or too few; endings and prefixes change words, so the slip must be inside
    shorter, longer = sorted((token, word), key=len)
    if len(longer) - len(shorter) != 1 or len(shorter) < 6:
        return False
    i = next((i for i, (x, y) in enumerate(zip(shorter, longer, strict=False)) if x != y), len(shorter))
    return 3 <= i < len(shorter) - 2 and shorter[i:] == longer[i + 1 :]


def _alike(token: str, word: str) -> bool:
    """People rarely get the first letter wrong, unless they swap it."""
    return token[0] == word[0] or token[:2] == word[1::-1]


def _deletions(word: str) -> Iterator[str]:
    """Keys under which words within one slip (two for long words) meet."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
    if len(word) >= _LONG - 2:
        head = word[:_PREFIX]
        for n in (0, 1, 2):
            for gone in combinations(range(len(head)), n):
                yield "~" + "".join(c for i, c in enumerate(head) if i not in gone)[: _PREFIX - 2]


def most_common(words: Iterable[str]) -> dict[str, int]:
    """How often each word occurs."""
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
