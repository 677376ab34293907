"""A text as the danger model sees it: hashed words and letter groups, made the same way in training and at work."""

import itertools
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.wording import Reader

BUCKETS = (1 << 15, 1 << 14, 1 << 14, 1 << 13)
"""Hash buckets of each block: letter groups, words as written, words as the rules read them, meanings."""
LENGTHS = (1.5, 1.0, 1.0, 2.0)
"""Length of each block's vector: what it weighs beside the others (chosen by cross-validation)."""
WIDTH = sum(BUCKETS)
NGRAMS = range(2, 6)

_SENTENCE = re.compile(r"(?<=[.!?\n])\s+|\n+")
_MOST = 20_000  # characters looked at; a Telegram message holds 4,096
_WINDOW_WORDS = 24  # a story without full stops is cut into windows of so many words
_REACH = 8  # words between two lists' words that may belong together
_PLAIN = Reader({}, ())

Block = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Column numbers and values of one text's features."""


def windows(text: str) -> list[str]:
    """Overlapping pieces of a long text, each two or three sentences or 24 words; empty for a short one."""
    pieces: list[list[str]] = []
    for sentence in _SENTENCE.split(text[:_MOST]):
        words = sentence.split()
        pieces += [words[i : i + _WINDOW_WORDS // 2] for i in range(0, len(words), _WINDOW_WORDS // 2)]
    if sum(map(len, pieces)) <= _WINDOW_WORDS:
        return []
    return [" ".join(a + b) for a, b in itertools.pairwise(pieces)]


def _words(tokens: Sequence[str]) -> Iterator[str]:
    yield from tokens
    for first, second in itertools.pairwise(tokens):
        yield f"{first} {second}"


def _letters(tokens: Sequence[str]) -> Iterator[str]:
    for token in tokens:
        padded = f" {token} "
        for n in NGRAMS:
            if n >= len(padded):
                yield padded
                break
            for i in range(len(padded) - n + 1):
                yield padded[i : i + n]


def _meanings(tokens: Sequence[str], meanings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Word lists that the text touches, pairs of them in order, and the words beside: "@boss>@hit"."""
    places = [(i, name) for i, token in enumerate(tokens) for name in meanings.get(token, ())]
    for at, (i, name) in enumerate(places):
        yield name
        for j, other in places[at + 1 :]:
            if j - i > _REACH:
                break
            if j > i:
                yield f"{name}>{other}"
                if j - i <= 2:
                    yield f"{name}>>{other}"
        for step in (-2, -1, 1, 2):
            if 0 <= i + step < len(tokens):
                yield f"{name} {step} {tokens[i + step]}"


def terms(text: str, reader: Reader, meanings: Mapping[str, Sequence[str]]) -> tuple[Counter[int], ...]:
    """How often each bucket is hit, a block each.

    Args:
        text: What `encoder.text.clean` gave.
        reader: Reads words as the rules do.
        meanings: A word as `reader` gives it to the names of the rules' lists that hold it.
    """
    plain, read = _PLAIN.read(text), reader.read(text)
    found = (_letters(plain), _words(plain), _words(read), _meanings(read, meanings))
    counts: list[Counter[int]] = []
    start = 0
    for size, block in zip(BUCKETS, found, strict=True):
        counts.append(Counter(start + zlib.crc32(term.encode()) % size for term in block))
        start += size
    return tuple(counts)


def weigh(counts: Sequence[Counter[int]], idf: NDArray[np.float32]) -> Block:
    """Tf-idf (1 + log count), each block of its length in `LENGTHS`."""
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float32]] = []
    for block, length in zip(counts, LENGTHS, strict=True):
        at = np.fromiter(block.keys(), np.int64, len(block))
        value = (1 + np.log(np.fromiter(block.values(), np.float32, len(block)))) * idf[at]
        columns.append(at)
        values.append((value * (length / max(float(np.linalg.norm(value)), 1e-9))).astype(np.float32))
    return np.concatenate(columns), np.concatenate(values)
