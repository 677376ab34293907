"""Plain fakes: a conversation that repeats what it hears, and updates as Telegram sends them."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from core.codes import Code, Kind, parse_code
from core.outcomes import Alternative, ChatState, EngineDownError, Outcome, Understanding
from core.replies import Choice, Reply, Source
from core.turns import Turn

TOKEN = "123456:test-token_of-no-bot"
BOT_ID = 4242
SOURCE = Source("Panduan", "KP2MI", "https://example.org/a?b=1&c=2", "2025-04")


@dataclass
class EchoHandler:
    """A `TurnHandler`: the answer to a text is "jawab: <text>"."""

    down: bool = False
    broken: int = 0
    slow: Callable[[Turn], float] = lambda turn: 0.0
    seen: list[tuple[str, Turn]] = field(default_factory=list)
    outcome: Callable[[ChatState, Turn], Outcome] | None = None

    async def forget(self, chat: str) -> None:
        """The engine's part of forgetting."""

    async def handle(self, chat: ChatState, turn: Turn) -> Outcome:
        self.seen.append((chat.id, turn))
        await asyncio.sleep(self.slow(turn))
        if turn.kind == "text" and self.down:
            raise EngineDownError("down")
        if self.broken:
            self.broken -= 1
            raise ValueError("broken by " + turn.text)
        if self.outcome is not None:
            return self.outcome(chat, turn)
        code = parse_code(turn.text) if turn.kind == "tap" else None
        if code is not None and code.kind is Kind.HELPFUL:
            sign, _colon, number = code.value.partition(":")
            return Outcome(
                chat, feedback=(int(number), 1 if sign == "+" else -1), kind="notice", notice="Terima kasih"
            )
        if code is not None and code.kind is Kind.ERASE:
            return Outcome(chat, (Reply("Semua dihapus"),), erase=True, in_place=True, kind="notice")
        if turn.kind == "tap":
            return Outcome(chat, (Reply(f"tap: {turn.text}"),), kind="menu", in_place=True)
        answer = Reply(
            f"jawab: {turn.text}",
            topic="documents/passport",
            sources=(SOURCE,),
            checked="2026-11-23",
            review_by="2027-11-23",
            related=("documents/checklist",),
        )
        understood = Understanding(
            "documents/passport", 0.91, alternatives=(Alternative("documents/checklist", 0.05),)
        )
        return Outcome(replace(chat, misses=0), (answer,), understood, language="id")

    def card(self, chat: ChatState, danger: str) -> Reply:
        return Reply(f"Kartu {danger} {chat.language}", topic=danger)

    def offline(self, chat: ChatState) -> Reply:
        return Reply("sedang lambat", buttons=((Choice("Menu", str(Code(Kind.THEME))),),))


def user(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Orang", "language_code": "id"}


def chat(number: int, kind: str = "private") -> dict[str, Any]:
    return {"id": number, "type": kind} | (
        {"title": "Grup"} if kind != "private" else {"first_name": "Orang"}
    )


def message(
    update_id: int, number: int = 7, key: str = "message", kind: str = "private", **content: Any
) -> Any:
    body = {
        "message_id": update_id,
        "date": 1_790_000_000,
        "chat": chat(number, kind),
        "from": user(abs(number)),
        **content,
    }
    return {"update_id": update_id, key: body}


def tap(update_id: int, data: str, number: int = 7, shown: int = 55) -> Any:
    return {
        "update_id": update_id,
        "callback_query": {
            "id": f"q{update_id}",
            "from": user(number),
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": shown, "date": 1_790_000_000, "chat": chat(number), "text": "x"},
        },
    }


def member(
    update_id: int, status: str, number: int = 7, kind: str = "private", before: str = "member"
) -> Any:
    def state(name: str) -> dict[str, Any]:
        extra = {"until_date": 0} if name == "kicked" else {}
        return {"status": name, "user": {"id": BOT_ID, "is_bot": True, "first_name": "Desmi"}, **extra}

    return {
        "update_id": update_id,
        "my_chat_member": {
            "chat": chat(number, kind),
            "from": user(abs(number)),
            "date": 1_790_000_000,
            "old_chat_member": state(before),
            "new_chat_member": state(status),
        },
    }


async def until(found: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait for a condition; the deadline is generous, and only a failure reaches it."""
    async with asyncio.timeout(seconds):
        while not (result := found()):  # noqa: ASYNC110 - the condition lies in plain values
            await asyncio.sleep(0.005)
        return result


class Running:
    """A whole service at work in the test's loop."""

    def __init__(self, service: Any) -> None:
        self.service = service
        self.task = asyncio.create_task(service.run())

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self.task
