"""A dialogue engine that says what a test told it to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.outcomes import EngineAnswer, EngineDownError, Understanding
from core.replies import Reply

KNOWN = Understanding("documents/passport", 0.93)


@dataclass
class FakeEngine:
    """Repeats `replies` and `understood`; a chosen topic is understood as itself."""

    replies: list[Reply] = field(default_factory=lambda: [Reply("jawaban", topic="documents/passport")])
    understood: Understanding = KNOWN
    answer: EngineAnswer | None = None
    """Said in place of `replies` and `understood`."""
    down: bool = False
    sent: list[tuple[str, str, str | None, dict[str, Any]]] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def send(
        self, sender: str, text: str, *, topic: str | None, metadata: Mapping[str, Any]
    ) -> EngineAnswer:
        if self.down:
            raise EngineDownError("down")
        self.sent.append((sender, text, topic, dict(metadata)))
        if self.answer is not None:
            return self.answer
        understood = Understanding(topic, 1.0) if topic else self.understood
        return EngineAnswer(tuple(self.replies), understood)

    async def parse(
        self, texts: list[str], told: Sequence[Mapping[str, Any]] | None = None
    ) -> list[Understanding]:
        return [self.understood for _ in texts]

    async def reset(self, sender: str) -> None:
        if self.down:
            raise EngineDownError("down")
        self.resets.append(sender)

    async def forget(self, sender: str) -> None:
        if self.down:
            raise EngineDownError("down")
        self.forgotten.append(sender)
