"""The encoder's tokenizer: the likeliest way to cut a text into known pieces (a unigram model, as SentencePiece's).

Why not the library: docs/decisions/0011-encoder.md. Of the 250,000 pieces only a hash each is kept (64 bits; about one text in
10^11 would meet a false one), and a text's substrings are looked up all at once.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder.weights import Vocabulary

_SPACE = "\u2581"
"""Stands for a space in the pieces: SentencePiece's form."""
_SPACES = re.compile(" {2,}")
_UNKNOWN_COST = 10.0
"""How much less likely an unknown character is than the rarest piece: SentencePiece's figure."""
_PART = 5_000
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)

Hashes = NDArray[np.uint64]


class Pieces:
    """Cuts texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Hashes the pieces, without those that stand for no text."""
        # part by part, so that a process need not grow for what it uses once
        parts = [_hashes(vocabulary, start) for start in range(0, len(vocabulary.scores), _PART)]
        hashes = np.concatenate([part for part, _ in parts])
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        special = (vocabulary.begin, vocabulary.end, vocabulary.padding, vocabulary.unknown)
        self._numbers = order[~np.isin(order, special)]
        self._hashes: Hashes = hashes[self._numbers]
        self._longest = max(longest for _, longest in parts)
        self._scores = vocabulary.scores
        self._replacements = vocabulary.replacements
        self._unknown = vocabulary.unknown
        self._unknown_score = float(vocabulary.scores.min()) - _UNKNOWN_COST

    def cut(self, text: str) -> list[int]:
        """The numbers of the text's pieces; an unknown character counts as one piece."""
        text = _SPACES.sub(" ", text.translate(self._replacements))
        text = (text if text.startswith(" ") else f" {text}").replace(" ", _SPACE)
        end = len(text)
        best = [0.0] + [float("-inf")] * end
        last = [(0, 0)] * (end + 1)
        done = 0
        for start, stop, number, score in self._found(text):
            for place in range(done, start):  # what begins before is known now
                self._pass_unknown(best, last, place)
            done = start
            if best[start] + score > best[stop]:
                best[stop], last[stop] = best[start] + score, (start, number)
        for place in range(done, end):
            self._pass_unknown(best, last, place)
        found = []
        while end:
            end, number = last[end]
            found.append(number)
        return found[::-1]

    def _pass_unknown(self, best: list[float], last: list[tuple[int, int]], place: int) -> None:
        score = best[place] + self._unknown_score
        if score > best[place + 1]:
            best[place + 1], last[place + 1] = score, (place, self._unknown)

    def _found(self, text: str) -> list[tuple[int, int, int, float]]:
        """Start, stop, number and score of each piece in the text, by start."""
        sums, inverses = _sums(text)
        end = len(text)
        starts, lengths = np.mgrid[0:end, 1 : self._longest + 1].reshape(2, -1)
        stops = starts + lengths
        starts, stops = starts[stops <= end], stops[stops <= end]
        hashes = (sums[stops] - sums[starts]) * inverses[starts]
        places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        known = self._hashes[places] == hashes
        numbers = self._numbers[places[known]]
        columns: list[list[Any]] = [starts[known].tolist(), stops[known].tolist(), numbers.tolist()]
        return list(zip(*columns, self._scores[numbers].tolist(), strict=True))


def _hashes(vocabulary: Vocabulary, first: int) -> tuple[Hashes, int]:
    """The hashes of `_PART` pieces from `first` on, and how many characters the longest has."""
    starts = vocabulary.starts[first : first + _PART + 1].astype(np.int64)
    text = bytes(vocabulary.text[starts[0] : starts[-1]])
    stops = _characters_before(text)[starts - starts[0]]
    sums, inverses = _sums(text.decode())
    return (sums[stops[1:]] - sums[stops[:-1]]) * inverses[stops[:-1]], int(np.diff(stops).max())


def _characters_before(text: bytes) -> NDArray[np.int64]:
    """At each byte, and at the end, how many characters of UTF-8 begin before it."""
    begins = (np.frombuffer(text, np.uint8) & 0xC0) != 0x80
    return np.concatenate([[0], np.cumsum(begins)])


def _sums(text: str) -> tuple[Hashes, Hashes]:
    """For hashes of substrings modulo 2^64: sums of character * base^place up to each place, and base^-place.

    The hash of text[a:b] is (sums[b] - sums[a]) * inverses[a], wherever it stands.
    """
    characters = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    powers, inverses = (_powers(base, len(characters)) for base in (_BASE, _INVERSE))
    return np.concatenate([np.zeros(1, np.uint64), np.cumsum((characters + np.uint64(1)) * powers)]), inverses


def _powers(base: int, count: int) -> Hashes:
    """base^0 to base^(count - 1) modulo 2^64."""
    factors = np.full(count, base, np.uint64)
    factors[:1] = 1
    return np.cumprod(factors)
