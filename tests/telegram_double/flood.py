"""Telegram's sending limits, as a check after the fact or enforced with 429.

The figures are those of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this:
about one message a second in one chat (short bursts pass), 20 a minute in a group, about 30 a second overall.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_double.state import Call

CHAT_PER_SECOND = 1.0
GROUP_PER_MINUTE = 20
OVERALL_PER_SECOND = 30
BURST = 4
"""Messages that one chat takes at once; Telegram names no figure, so the project's own."""


def counts(method: str) -> bool:
    """Whether a method counts as sending: messages and edits do, typing and answers to taps do not."""
    name = method.lower()
    return (name.startswith("send") and name != "sendchataction") or name.startswith(
        ("edit", "copy", "forward")
    )


@dataclass(slots=True)
class Meter:
    """Measures one bot's sending; `clock` values must not go back."""

    burst: int = BURST
    overall: int = OVERALL_PER_SECOND
    _tokens: dict[int, tuple[float, float]] = field(default_factory=dict)
    _minute: dict[int, deque[float]] = field(default_factory=dict)
    _second: deque[float] = field(default_factory=deque)

    def wait(self, chat_id: int, clock: float) -> float:
        """Seconds until this send is within the limits; 0 = it is now, and it is counted."""
        tokens, before = self._tokens.get(chat_id, (float(self.burst), clock))
        tokens = min(float(self.burst), tokens + (clock - before) * CHAT_PER_SECOND)
        while self._second and clock - self._second[0] >= 1.0:
            self._second.popleft()
        minute = self._minute.setdefault(chat_id, deque()) if chat_id < 0 else deque[float]()
        while minute and clock - minute[0] >= 60.0:
            minute.popleft()
        waits = [0.0]
        if tokens < 1.0 - 1e-9:
            waits.append((1.0 - tokens) / CHAT_PER_SECOND)
        if len(self._second) >= self.overall:
            waits.append(1.0 - (clock - self._second[0]))
        if len(minute) >= GROUP_PER_MINUTE:
            waits.append(60.0 - (clock - minute[0]))
        needed = max(waits)
        if needed == 0.0:
            self.count(chat_id, clock, tokens)
            minute.append(clock)
        return needed

    def count(self, chat_id: int, clock: float, tokens: float) -> None:
        """Take a send into the account."""
        self._tokens[chat_id] = (tokens - 1.0, clock)
        self._second.append(clock)


@dataclass(frozen=True, slots=True)
class FloodReport:
    """Whether the bot kept Telegram's limits."""

    sends: int
    worst_second: int
    """Most sends within any one second."""
    too_fast_overall: int
    """Sends that were over the limit a second."""
    too_fast_chats: dict[int, int]
    """Chat id → sends that came before the chat's bucket had room (lateness under `slack` forgiven)."""

    @property
    def kept(self) -> bool:
        """Whether no limit was broken."""
        return not self.too_fast_overall and not self.too_fast_chats

    def as_json(self) -> dict[str, Any]:
        """For the control routes."""
        return {
            "sends": self.sends,
            "worst_second": self.worst_second,
            "too_fast_overall": self.too_fast_overall,
            "too_fast_chats": {str(chat): number for chat, number in self.too_fast_chats.items()},
            "kept": self.kept,
        }


def report(
    calls: Iterable[Call], burst: int = BURST, overall: int = OVERALL_PER_SECOND, slack: float = 0.1
) -> FloodReport:
    """Measure accepted sends by their arrival; `slack` in seconds is for jitter on the way."""
    chats: dict[int, tuple[float, float]] = {}
    second: deque[float] = deque()
    sends = worst = over = 0
    hurried: dict[int, int] = {}
    for call in calls:
        if not counts(call.method) or call.chat_id is None or call.ok is False or call.fault == "drop":
            continue
        sends += 1
        tokens, before = chats.get(call.chat_id, (float(burst), call.clock))
        tokens = min(float(burst), tokens + (call.clock - before) * CHAT_PER_SECOND)
        if tokens + slack * CHAT_PER_SECOND < 1.0:
            hurried[call.chat_id] = hurried.get(call.chat_id, 0) + 1
        chats[call.chat_id] = (max(tokens - 1.0, -1.0), call.clock)
        second.append(call.clock)
        while call.clock - second[0] >= 1.0:
            second.popleft()
        worst = max(worst, len(second))
        # jitter may move the sends of `slack` seconds into this second
        over += len(second) > overall * (1.0 + slack)
    return FloodReport(sends, worst, over, hurried)


def retry_after(seconds: float) -> int:
    """Whole seconds, as the server says them."""
    return max(1, math.ceil(seconds))
