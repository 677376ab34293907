"""Calls: what stands in the outbox, carried out through the client."""

import inspect
from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
)

from bot.client import Client
from bot.render import Call, plain

METHODS = frozenset({"send_message", "send_venue", "send_document", "edit_message_text", "delete_messages"})
REPEATABLE = frozenset({"edit_message_text", "delete_messages"})
"""Calls that do no harm when they are made twice."""


def _markup(value: Call) -> TelegramObject | None:
    if "inline_keyboard" in value:
        return InlineKeyboardMarkup.de_json(value)
    if "keyboard" in value:
        return ReplyKeyboardMarkup.de_json(value)
    return ReplyKeyboardRemove.de_json(value)


def _bytes(value: str) -> bytes:
    return b64decode(value, validate=True)


_READERS: dict[str, Callable[[Any], TelegramObject | bytes | None]] = {
    "reply_markup": _markup,
    "link_preview_options": LinkPreviewOptions.de_json,
    "document": _bytes,
}


class MalformedCallError(Exception):
    """A call in the outbox is not one that can be made; the message holds nothing of its content."""


async def perform(client: Client, address: int, call: Call) -> int | None:
    """Make a call for a chat; returns the id of the message that it made, if any.

    Raises:
        telegram.error.TelegramError: As the client does.
        MalformedCallError: The call is of no known method or misses something.
    """
    name = str(call.get("method"))
    if name not in METHODS:
        raise MalformedCallError(f"unknown method {name[:40]}")
    method: Callable[..., Awaitable[Any]] = getattr(client, name)
    try:
        arguments = {
            key: _READERS[key](value) if key in _READERS else value
            for key, value in call.items()
            if key != "method"
        }
        inspect.signature(method).bind(chat_id=address, **arguments)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedCallError(f"{name}: {error.__class__.__name__}") from error
    done = await method(chat_id=address, **arguments)
    return done.message_id if isinstance(done, Message) else None


def as_plain(call: Call) -> Call:
    """The same call without markup, for when Telegram cannot read it."""
    return {k: v for k, v in call.items() if k != "parse_mode"} | {"text": plain(call["text"])}


def as_new(call: Call) -> Call:
    """An edit as a new message, for when the edited one is gone."""
    return {k: v for k, v in call.items() if k != "message_id"} | {"method": "send_message"}
