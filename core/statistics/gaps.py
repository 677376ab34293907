"""Gaps: what people ask that has no topic - messages that were not understood, grouped by meaning."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.danger_model import load_encoder
from core.languages import LANGUAGES
from core.statistics.counts import Period
from core.statistics.suppression import LEAST, Count
from core.storage.models import Message
from encoder.memory import Memory, TextEncoder
from encoder.text import clean

MOST = 300
"""Messages that are grouped, the newest: the encoder takes 5 to 10 ms for each."""
ALIKE = 0.15
"""Mean cosine from which on two groups are one, of vectors from which their common mean was taken. Chosen on
the subjects of `content/demo.yml`: at 0.15 each is one group or two, at 0.3 they fall into three or four."""
WORDS = 4
"""Words in a group's name."""

_MASK = re.compile(r"\[[A-Z]+\]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_KNOWN = frozenset(word for language in LANGUAGES.values() for word in language.words)
_REMEMBERED = 4_000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was not understood."""

    chat: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of messages by five people or more; `words` are used by two of them at least."""

    words: tuple[str, ...]
    count: Count


@lru_cache(maxsize=1)
def vectors() -> TextEncoder | None:
    """The process's sentence vectors, remembered; None where the encoder is missing."""
    encoder = load_encoder()
    return None if encoder is None else Memory(encoder, _REMEMBERED)


async def missed(session: AsyncSession, period: Period) -> list[Said]:
    """The newest messages that were not understood, at most `MOST`."""
    found = await session.execute(
        select(Message.chat, Message.text)
        .where(
            Message.direction == "in",
            Message.kind == "text",
            Message.missed.is_(True),
            Message.at >= period.since,
            Message.at < period.until,
        )
        .order_by(Message.at.desc())
        .limit(MOST)
    )
    return [Said(row.chat, row.text) for row in found]


def groups(said: Sequence[Said], encoder: TextEncoder) -> list[Gap]:
    """The groups that five people or more belong to, most people first."""
    if len(said) < LEAST:
        return []
    matrix = np.stack([encoder.vector(clean(_MASK.sub(" ", one.text)).lower()) for one in said])
    matrix = matrix - matrix.mean(axis=0)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
    everywhere = Counter(word for one in said for word in _words(one.text))
    gaps = []
    for members in _linked(matrix @ matrix.T):
        inside = [said[place] for place in members]
        count = Count(len(inside), len({one.chat for one in inside}))
        if count.people >= LEAST:
            gaps.append(Gap(_name(inside, everywhere), count))
    return sorted(gaps, key=lambda gap: (-gap.count.people, gap.words))


def _linked(alike: Floats) -> list[list[int]]:
    """Groups by average linkage: the most alike two become one until none are alike enough."""
    size = len(alike)
    members = {place: [place] for place in range(size)}
    work = alike.astype(np.float64)
    np.fill_diagonal(work, -np.inf)
    while len(members) > 1:
        one, other = divmod(int(work.argmax()), size)
        if work[one, other] < ALIKE:
            break
        weight, added = len(members[one]), len(members[other])
        joined = (work[one] * weight + work[other] * added) / (weight + added)
        work[one], work[:, one] = joined, joined
        work[other], work[:, other] = -np.inf, -np.inf
        work[one, one] = -np.inf
        members[one] += members.pop(other)
    return list(members.values())


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_MASK.sub(" ", text).lower())) - _KNOWN


def _name(inside: Sequence[Said], everywhere: Counter[str]) -> tuple[str, ...]:
    """The words that many of a group use and few others; none that one person alone wrote."""
    users: dict[str, set[str]] = {}
    for one in inside:
        for word in _words(one.text):
            users.setdefault(word, set()).add(one.chat)
    # users squared over all uses: common here, and more here than elsewhere
    scored = {word: len(people) ** 2 / everywhere[word] for word, people in users.items() if len(people) > 1}
    return tuple(sorted(scored, key=lambda word: (-scored[word], word))[:WORDS])
