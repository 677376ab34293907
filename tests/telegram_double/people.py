"""The people's side: what a person does in the app, and what the person sees there."""

import time
from dataclasses import replace
from typing import Any

from tests.telegram_double.markup import found_entities
from tests.telegram_double.state import Chat, Event, Json, Message, Query, World

PATIENCE = 20.0
"""Seconds to wait for the bot by default; far more than it needs, so that a slow machine fails no test."""


class Room:
    """What can be seen in a chat. Each kind of event is read once, in order."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat
        self._read: dict[str, int] = {}

    @property
    def id(self) -> int:
        """The chat id."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """All that stands in the chat now, the oldest first."""
        return list(self.chat.messages.values())

    @property
    def replies(self) -> list[Message]:
        """What stands there from the bot, as it reads now."""
        return [message for message in self.messages if message.sender == self.world.bot]

    def seen(self, kind: str) -> list[Event]:
        """All events of a kind so far."""
        return [event for event in self.chat.events if event.kind == kind]

    async def next_event(self, kind: str, seconds: float = PATIENCE) -> Event:
        """The next event of a kind (message, edit, delete, typing, answer) that was not read yet."""

        def unread() -> Event | None:
            start = self._read.get(kind, 0)
            for place in range(start, len(self.chat.events)):
                self._read[kind] = place + 1
                if self.chat.events[place].kind == kind:
                    return self.chat.events[place]
            return None

        event = await self.world.bell.until(unread, seconds)
        if event is None:
            calls = [f"{c.method} {c.code} {c.description}".strip() for c in self.world.calls[-12:]]
            raise AssertionError(f"no {kind} in {seconds} s; the bot's last calls: {calls}")
        return event

    async def next_message(self, seconds: float = PATIENCE) -> Message:
        """The next message of the bot."""
        return _present(await self.next_event("message", seconds))

    async def next_edit(self, seconds: float = PATIENCE) -> Message:
        """The next message that the bot changed, as changed."""
        return _present(await self.next_event("edit", seconds))

    async def next_answer(self, seconds: float = PATIENCE) -> Json:
        """The next answer to a tap: `{"text": str, "show_alert": bool, "query": str}`."""
        return (await self.next_event("answer", seconds)).data

    def unread(self) -> list[Message]:
        """Messages of the bot that `next_message` has not given yet."""
        events = self.chat.events[self._read.get("message", 0) :]
        return [event.message for event in events if event.kind == "message" and event.message]

    def ages(self, message: Message, hours: float) -> None:
        """Make a message older."""
        old = self.chat.messages[message.id]
        changed = self.world.change(self.chat, old)
        self.chat.messages[message.id] = _undated(changed, int(old.date - hours * 3600))


def _present(event: Event) -> Message:
    assert event.message is not None
    return event.message


def _undated(message: Message, date: int) -> Message:
    return replace(message, date=date, edit_date=None)


class User(Room):
    """A person, and the private chat with the bot."""

    def __init__(self, world: World, chat: Chat, profile: Json) -> None:
        super().__init__(world, chat)
        self.profile = profile

    async def sends(self, content: Json, kind: str = "message", into: Chat | None = None) -> Message:
        """Send a message with any content, such as `{"dice": {...}}`; `{}` is an empty message."""
        chat = into or self.chat
        if chat is self.chat:
            chat.started = True
            if chat.shut:
                await self.unblocks()
        message = self.world.post(chat, self.profile, dict(content), source=content.get("text", ""))
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
        return self._deliver(kind, chat, message)

    def _deliver(self, kind: str, chat: Chat, message: Message) -> Message:
        update = self.world.push(kind, message.as_json(), chat.id)
        if update is not None:
            message = replace(message, update_id=update.update_id)
            chat.messages[message.id] = message
        return message

    async def says(self, text: str, into: Chat | None = None) -> Message:
        """Write text; commands, links and mentions get their entities."""
        entities = found_entities(text)
        return await self.sends({"text": text} | ({"entities": entities} if entities else {}), into=into)

    async def forwards(self, text: str, name: str = "Pak Sponsor") -> Message:
        """Forward somebody's text."""
        origin = {"type": "hidden_user", "date": int(time.time()) - 3600, "sender_user_name": name}
        return await self.sends({"text": text, "forward_origin": origin})

    async def shares_location(self, lat: float, lon: float) -> Message:
        """Share where one is."""
        return await self.sends(
            {"location": {"latitude": lat, "longitude": lon, "horizontal_accuracy": 20.0}}
        )

    async def shares_contact(self, phone: str = "6281200000000") -> Message:
        """Share one's own number."""
        contact = {
            "phone_number": phone,
            "first_name": self.profile["first_name"],
            "user_id": self.profile["id"],
        }
        return await self.sends({"contact": contact})

    def _file(self, content: bytes, **more: Any) -> Json:
        file_id = f"file-{self.world.unique()}"
        self.world.files[file_id] = content
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), **more}

    async def sends_sticker(self, emoji: str = "😀") -> Message:
        """Send a sticker."""
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self.sends({"sticker": self._file(b"RIFF", emoji=emoji, **shape)})

    async def sends_voice(self, seconds: int = 3) -> Message:
        """Send a voice message."""
        return await self.sends({"voice": self._file(b"OggS", duration=seconds, mime_type="audio/ogg")})

    async def sends_photo(self, caption: str = "") -> Message:
        """Send a picture."""
        sizes = [self._file(b"JFIF" * n, width=90 * n, height=60 * n) for n in (1, 4)]
        return await self.sends({"photo": sizes} | ({"caption": caption} if caption else {}))

    async def sends_document(self, name: str = "kontrak.pdf", caption: str = "") -> Message:
        """Send a file."""
        document = self._file(b"%PDF", file_name=name, mime_type="application/pdf")
        return await self.sends({"document": document} | ({"caption": caption} if caption else {}))

    async def edits(self, message: Message | int, text: str) -> Message:
        """Change one's message."""
        old = self.chat.messages[message if isinstance(message, int) else message.id]
        assert old.sender == self.profile, "a person can edit only an own message"
        entities = found_entities(text)
        content = {key: value for key, value in old.content.items() if key not in ("text", "entities")}
        content |= {"text": text} | ({"entities": entities} if entities else {})
        return self._deliver(
            "edited_message", self.chat, self.world.change(self.chat, old, content=content, source=text)
        )

    async def taps(self, button: str, on: Message | int | None = None, inaccessible: bool = False) -> Query:
        """Tap a button by label or data: the newest message that has it, or `on`."""
        wanted = on if isinstance(on, int) or on is None else on.id
        places = [self.chat.messages[wanted]] if wanted is not None else reversed(self.messages)
        for message in places:
            for found in (found for row in message.buttons for found in row):
                if button in (found["text"], found.get("callback_data")):
                    assert "callback_data" in found, f"the button {button!r} does not call back: {found}"
                    return self._tap(message, found["callback_data"], inaccessible)
        keys = [key for row in (self.chat.keyboard or {}).get("keyboard", []) for key in row]
        assert not any(key["text"] == button for key in keys), (
            f"{button!r} is a key of the keyboard: use says or shares_location"
        )
        shown = [label for message in self.replies[-3:] for label in message.labels]
        raise AssertionError(f"no button {button!r}; the last messages have {shown}")

    async def taps_old(self, data: str, on: Message, inaccessible: bool = False) -> Query:
        """Tap a button that the message had once, before an edit or an older version took it away."""
        return self._tap(on, data, inaccessible)

    def _tap(self, message: Message, data: str, inaccessible: bool) -> Query:
        query = Query(str(4_000_000_000 + self.world.unique()), self.chat.id, time.time())
        self.world.queries[query.id] = query
        shown: Json = message.as_json()
        if inaccessible:
            shown = {"chat": message.chat, "message_id": message.id, "date": 0}
        body = {"id": query.id, "from": self.profile, "message": shown, "chat_instance": "1", "data": data}
        self.world.push("callback_query", body, self.chat.id)
        return query

    def keys(self) -> list[str]:
        """Labels of the reply keyboard that is open now."""
        return [key["text"] for row in (self.chat.keyboard or {}).get("keyboard", []) for key in row]

    async def blocks(self) -> None:
        """Block the bot."""
        self.chat.shut = "bot was blocked by the user"
        self._member("member", "kicked")

    async def unblocks(self) -> None:
        """Unblock the bot."""
        self.chat.shut = None
        self._member("kicked", "member")

    async def deletes_account(self) -> None:
        """Leave Telegram; the bot hears of it only when it writes."""
        self.chat.shut = "user is deactivated"

    def _member(self, before: str, after: str) -> None:
        self.world.push(
            "my_chat_member", member_change(self.world, self.chat, self.profile, before, after), self.chat.id
        )


def member_change(world: World, chat: Chat, by: Json, before: str, after: str) -> Json:
    """The body of a my_chat_member update."""

    def state(status: str) -> Json:
        return {"user": world.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    return {
        "chat": chat.json,
        "from": by,
        "date": int(time.time()),
        "old_chat_member": state(before),
        "new_chat_member": state(after),
    }


class Group(Room):
    """A group with the bot in it."""

    async def says(self, user: User, text: str) -> Message:
        """A member writes text."""
        return await user.says(text, into=self.chat)

    async def removes_bot(self, user: User) -> None:
        """A member throws the bot out."""
        self.chat.shut = "bot was kicked from the group chat"
        self.world.push(
            "my_chat_member", member_change(self.world, self.chat, user.profile, "member", "kicked"), self.id
        )


class Channel(Room):
    """A channel with the bot as administrator."""

    async def posts(self, text: str) -> Message:
        """A post, which has no sender but the channel."""
        message = self.world.post(self.chat, None, {"text": text, "sender_chat": self.chat.json})
        self.world.push("channel_post", message.as_json(), self.id)
        return message
