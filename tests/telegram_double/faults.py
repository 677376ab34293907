"""Faults on order: what the next calls of a method run into instead of an answer."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.telegram_double.errors import ApiError, conflict, too_many

KINDS = {
    "flood": "429 with retry_after",
    "conflict": "409",
    "error": "the status given, 5xx by default",
    "hang": "accepted and carried out, but never answered",
    "lose": "accepted and carried out, then the connection drops before the answer",
    "drop": "the connection drops before anything is accepted",
    "delay": "answered `seconds` late",
}


@dataclass(slots=True)
class Fault:
    """A fault for calls that match."""

    kind: str
    method: str = "*"
    """Name or pattern, such as `send*`; case does not count."""
    times: int = 1
    """How many calls it meets; -1 for all until it is lifted."""
    after: int = 0
    """How many matching calls pass first."""
    chat_id: int | None = None
    retry_after: int = 1
    status: int = 500
    description: str = ""
    html: bool = False
    """Answer with a web page instead of JSON, as a broken front server does."""
    seconds: float = 0.0
    hits: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind}: no such fault; known: {', '.join(KINDS)}")

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is hit; counts."""
        if not fnmatchcase(method.lower(), self.method.lower()) or self.times == 0:
            return False
        if self.chat_id is not None and self.chat_id != chat_id:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= self.times > 0
        self.hits += 1
        return True

    def error(self) -> ApiError | None:
        """The error to answer with, when the fault is an answer."""
        if self.kind == "flood":
            return too_many(self.retry_after)
        if self.kind == "conflict":
            return conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        if self.kind == "error":
            names = {
                500: "Internal Server Error",
                502: "Bad Gateway",
                503: "Service Unavailable",
                504: "Gateway Timeout",
            }
            return ApiError(self.status, self.description or names.get(self.status, "Error"))
        return None


class Faults:
    """All faults on order, the oldest first."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, kind: str, method: str = "*", **more: Any) -> Fault:
        """Order a fault; see `Fault` for what can be said."""
        fault = Fault(kind, method, **more)
        self.ordered.append(fault)
        return fault

    def meeting(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this call runs into."""
        return next((fault for fault in self.ordered if fault.meets(method, chat_id)), None)

    def lift(self) -> None:
        """No more faults."""
        self.ordered.clear()
