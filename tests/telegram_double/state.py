"""What the double knows: chats, messages, updates that wait, calls that came."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

T = TypeVar("T")
Json = dict[str, Any]

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of update that a bot gets only when it asks (https://core.telegram.org/bots/api#getupdates)."""


class Bell:
    """Wakes whoever waits for a change of the state."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def until(self, found: Callable[[], T | None], seconds: float) -> T | None:
        """What `found` gives, as soon as it gives something; None after `seconds`."""
        deadline = time.monotonic() + seconds
        while (result := found()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await asyncio.wait_for(waiter, left)
            except TimeoutError:
                pass
            finally:
                self._waiting.discard(waiter)
        return result


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a chat; an edit makes a new value with the same id."""

    id: int
    chat: Json
    sender: Json | None
    date: int
    content: Json
    markup: Json | None = None
    source: str = ""
    """The text as it was sent, with its HTML."""
    edit_date: int | None = None
    update_id: int | None = None
    at: float = 0.0

    @property
    def text(self) -> str:
        """Text or caption, as people see it."""
        return self.content.get("text") or self.content.get("caption") or ""

    @property
    def buttons(self) -> list[list[Json]]:
        """Rows of inline buttons."""
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        """What stands on the inline buttons, in order."""
        return [button["text"] for row in self.buttons for button in row]

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of the reply keyboard that this message brings."""
        rows: list[list[Json]] = (self.markup or {}).get("keyboard", [])
        return rows

    @property
    def venue(self) -> Json | None:
        """The pin, if it is one."""
        return self.content.get("venue")

    @property
    def links(self) -> list[str]:
        """Addresses linked in the text."""
        return [entity["url"] for entity in self.content.get("entities", []) if "url" in entity]

    def as_json(self) -> Json:
        """The message as the Bot API gives it."""
        body: Json = {"message_id": self.id, "date": self.date, "chat": self.chat}
        if self.sender is not None:
            body["from"] = self.sender
        body |= self.content
        if self.edit_date:
            body["edit_date"] = self.edit_date
        if self.buttons:
            body["reply_markup"] = self.markup
        return body


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person sees: message, edit, delete, typing, answer (to a tap)."""

    number: int
    kind: str
    chat_id: int
    message: Message | None
    data: Json
    at: float

    def as_json(self) -> Json:
        """For the control routes."""
        message = None if self.message is None else self.message.as_json() | {"source": self.message.source}
        if message is not None and self.message is not None and self.message.markup:
            message["reply_markup"] = self.message.markup
        return {
            "number": self.number,
            "kind": self.kind,
            "chat_id": self.chat_id,
            "at": self.at,
            "message": message,
            "data": self.data,
        }


@dataclass(slots=True)
class Chat:
    """A private chat, a group or a channel."""

    json: Json
    started: bool = False
    """A bot may write first only where a person did."""
    shut: str | None = None
    """Why the bot may not write here, in the server's words."""
    messages: dict[int, Message] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    keyboard: Json | None = None

    @property
    def id(self) -> int:
        """The chat id."""
        return int(self.json["id"])

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return bool(self.json["type"] == "private")


@dataclass(slots=True)
class Pending:
    """An update that the bot has not confirmed."""

    update_id: int
    kind: str
    body: Json
    chat_id: int
    at: float
    again: bool = False
    """To be delivered once more, whatever the bot confirms."""

    def as_json(self) -> Json:
        """As the Bot API gives it."""
        return {"update_id": self.update_id, self.kind: self.body}


@dataclass(slots=True)
class Call:
    """A request of the bot."""

    number: int
    method: str
    params: Json
    at: float
    clock: float
    """Monotonic seconds."""
    ok: bool | None = None
    """None until it is answered."""
    code: int = 0
    description: str = ""
    fault: str = ""
    message_id: int | None = None
    answered_at: float | None = None

    @property
    def chat_id(self) -> int | None:
        """The chat it is for."""
        value = self.params.get("chat_id")
        try:
            return None if value is None else int(value)
        except (TypeError, ValueError):
            return None


@dataclass(slots=True)
class Query:
    """A tap that waits for answerCallbackQuery."""

    id: str
    chat_id: int
    at: float
    expired: bool = False
    answer: Json | None = None


class World:
    """All state of one double; it serves one bot."""

    def __init__(self, username: str, bot_id: int = 100_000) -> None:
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Desmi (uji)", "username": username}
        self.chats: dict[int, Chat] = {}
        self.pending: dict[int, Pending] = {}
        self.history: dict[int, Pending] = {}
        self.confirmed: dict[int, float] = {}
        self.calls: list[Call] = []
        self.events: list[Event] = []
        self.queries: dict[str, Query] = {}
        self.files: dict[str, bytes] = {}
        self.allowed: list[str] | None = None
        self.webhook: Json | None = None
        self.webhook_errors: list[tuple[float, str]] = []
        self.profile: Json = {"commands": {}, "description": {}, "short_description": {}, "name": {}}
        self.polls = 0
        self.closing = False
        self.bell = Bell()
        self.on_update: Callable[[Pending], None] | None = None
        self._next_update = 417_000_001
        self._next_message = 1
        self._next_id = 1

    def unique(self) -> int:
        """A number not given before."""
        self._next_id += 1
        return self._next_id

    def push(self, kind: str, body: Json, chat_id: int) -> Pending | None:
        """Queue an update; None when the bot does not want this kind."""
        if (kind not in self.allowed) if self.allowed else (kind in NOT_BY_DEFAULT):
            return None
        update = Pending(self._next_update, kind, body, chat_id, time.time())
        self._next_update += 1
        self.history[update.update_id] = update
        self.queue(update)
        return update

    def queue(self, update: Pending) -> None:
        """Have an update delivered (again)."""
        self.pending[update.update_id] = update
        if self.on_update is not None:
            self.on_update(update)
        self.bell.ring()

    def confirm(self, before: int) -> None:
        """The bot has everything with a smaller id than `before`."""
        for update_id in [update_id for update_id in self.pending if update_id < before]:
            if not self.pending[update_id].again:
                self.done(update_id)

    def done(self, update_id: int) -> None:
        """The bot has this update."""
        self.pending.pop(update_id, None)
        self.confirmed[update_id] = time.time()

    def post(
        self, chat: Chat, sender: Json | None, content: Json, markup: Json | None = None, source: str = ""
    ) -> Message:
        """Put a message into a chat."""
        message = Message(
            self._next_message, chat.json, sender, int(time.time()), content, markup, source, at=time.time()
        )
        self._next_message += 1
        chat.messages[message.id] = message
        return message

    def change(self, chat: Chat, message: Message, **changes: Any) -> Message:
        """Replace a message."""
        changed = replace(message, edit_date=int(time.time()), **changes)
        chat.messages[message.id] = changed
        return changed

    def show(self, kind: str, chat: Chat, message: Message | None = None, **data: Any) -> None:
        """Let the people of a chat see something."""
        event = Event(len(self.events), kind, chat.id, message, data, time.time())
        self.events.append(event)
        chat.events.append(event)
        self.bell.ring()
