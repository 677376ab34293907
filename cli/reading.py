"""Texts through the guard and the engine, as a message of a person goes, many at a time."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.prepare import prepare_database
from cli.servers import engine_url
from cli.texts import known_numbers
from core.engine_client import EngineClient
from core.guard import Guard, default_guard
from core.outcomes import Engine, Understanding
from core.redaction import redact
from core.settings import Settings
from core.topics import OUT_OF_SCOPE

_BATCH = 16
"""Texts of one request: on a busy machine more would not be done in the time that the client waits."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was taken for; `danger` by the guard."""

    text: str
    understood: Understanding
    danger: str | None

    @property
    def topic(self) -> str:
        """The decided topic."""
        return self.understood.topic or OUT_OF_SCOPE

    @property
    def confidence(self) -> float:
        """Confidence of the best topic of the ranking."""
        return max((a.confidence for a in self.understood.alternatives), default=0.0)

    @property
    def best(self) -> str:
        """The best topic of the ranking, whatever was decided."""
        ranking = self.understood.alternatives
        return max(ranking, key=lambda a: a.confidence).topic if ranking else OUT_OF_SCOPE

    @property
    def strangeness(self) -> float:
        """How much it looks out of scope, -1 to 1: confidence of that against the best topic's."""
        ranking = {a.topic: a.confidence for a in self.understood.alternatives}
        out = ranking.pop(OUT_OF_SCOPE, 0.0)
        return out - max(ranking.values(), default=0.0)


class Reader:
    """Reads with one engine."""

    def __init__(self, engine: Engine, guard: Guard, keep: frozenset[str]) -> None:
        self._engine, self._guard, self._keep = engine, guard, keep

    async def read(
        self, texts: Sequence[str], topics: Sequence[Sequence[str]] = (), what: str = ""
    ) -> list[Reading]:
        """Read texts; `topics`: those before each; `what` names them in the progress on standard error."""
        found: list[Reading] = []
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            if what:
                print(f"Reading {what}: {start} of {len(texts)}", file=sys.stderr, flush=True)
            dangers = [danger.topic if (danger := self._guard.check(text)) else None for text in batch]
            before = topics[start : start + _BATCH] if topics else [()] * len(batch)
            told = [{"danger": d, "topics": list(t)} for d, t in zip(dangers, before, strict=True)]
            understood = await self._engine.parse([redact(text, keep=self._keep) for text in batch], told)
            found += [Reading(*row) for row in zip(batch, understood, dangers, strict=True)]
        return found


@asynccontextmanager
async def reader(settings: Settings, model: Path | None = None) -> AsyncIterator[Reader]:
    """A reader with a Rasa server: the running one, or one of its own, with `model` if given."""
    await prepare_database(settings)
    async with engine_url(settings, model) as url, EngineClient(url) as engine:
        yield Reader(engine, default_guard(), known_numbers())
