"""Updates: Telegram's many kinds of update read into one small shape; pure, nothing is stored or masked here."""

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from core.turns import Turn, typed

logger = logging.getLogger(__name__)

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that Telegram is asked for."""

_ENVELOPE = frozenset({"message_id", "date", "chat", "from", "text", "caption"})
_MEDIA = (
    ("sticker", ("sticker", "dice", "animation")),
    ("voice", ("voice", "audio", "video_note")),
    ("photo", ("photo", "video", "live_photo", "paid_media", "story")),
    ("document", ("document",)),
    ("contact", ("contact",)),
    ("poll", ("poll", "checklist", "game", "invoice", "giveaway", "passport_data")),
)
_SERVICE = (
    *("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set"),
    *("users_shared", "chat_shared", "connected_website", "successful_payment", "refunded_payment", "gift"),
    *("unique_gift", "proximity_alert_triggered", "web_app_data", "boost_added", "new_chat_members"),
    *("left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "migrate_to_chat_id"),
    *("migrate_from_chat_id", "group_chat_created", "supergroup_chat_created", "channel_chat_created"),
    *("forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"),
    *("video_chat_started", "video_chat_ended", "video_chat_scheduled", "video_chat_participants_invited"),
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an update tells, not yet masked.

    `address` is Telegram's chat id. `turn` is None where a person did nothing that wants a reply; `said` is all
    that they wrote, for the guard. `query` is the id of a tap to be answered. `present` tells that the person
    blocked (False) or unblocked (True) the bot. `private` is false in groups. `said_id` is Telegram's id of the
    person's message.
    """

    update_id: int
    address: int
    turn: Turn | None = None
    said: str = ""
    query: str | None = None
    present: bool | None = None
    private: bool = True
    said_id: int | None = None


def parse_update(raw: Mapping[str, Any], bot: Bot) -> Update | None:
    """An update from Telegram's JSON; None when it is not shaped as known.

    A message with a content that the library cannot read is read without it, so that its sender gets a reply.
    """
    for shape in (_whole, _bare):
        try:
            return Update.de_json(shape(raw), bot)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
            kinds = [key for key in raw if key in ALLOWED]
            logger.warning("an update could not be read (%s, %s)", kinds or "other", error.__class__.__name__)
    return None


def _whole(raw: Mapping[str, Any]) -> dict[str, Any]:
    return dict(raw)


def _bare(raw: Mapping[str, Any]) -> dict[str, Any]:
    message = raw["message"]
    return {"update_id": raw["update_id"], "message": {k: v for k, v in message.items() if k in _ENVELOPE}}


def read_update(update: Update) -> Incoming | None:
    """What an update tells; None for what needs neither reply nor note (bots, channels, other kinds)."""
    if update.callback_query is not None:
        return _tap(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None:
        kind = next((name for name in update.to_dict() if name != "update_id"), "empty")
        logger.info("ignored an update of kind %s", kind)
        return None
    return _message(update.update_id, message, edited=update.message is None)


def _message(update_id: int, message: Message, edited: bool) -> Incoming | None:
    sender, chat = message.from_user, message.chat
    if (sender is not None and sender.is_bot) or chat.type == ChatType.CHANNEL:
        return None
    if any(getattr(message, name, None) for name in _SERVICE):
        return None
    if chat.type != ChatType.PRIVATE:
        return None if edited else Incoming(update_id, chat.id, Turn("other", "group"), private=False)
    said = message.text or message.caption or ""
    if edited:
        # a live location moves by edits; nobody wants a reply to each
        moved = message.location is not None
        return (
            None
            if moved
            else Incoming(update_id, chat.id, Turn("other", "edit"), said, said_id=message.message_id)
        )
    language = (sender.language_code or "") if sender is not None else ""
    turn = _turn(message, said, language)
    return Incoming(update_id, chat.id, turn, said, said_id=message.message_id)


def _turn(message: Message, said: str, language: str) -> Turn:
    common: dict[str, Any] = {
        "client_language": language[:16],
        "forwarded": message.forward_origin is not None,
    }
    place = message.location or (message.venue.location if message.venue else None)
    if place is not None:
        lat, lon = place.latitude, place.longitude
        if math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180:
            return Turn("location", lat=lat, lon=lon, **common)
        return Turn("other", "unknown", **common)
    turn = typed(said)
    if turn.text and (turn.kind == "text" or message.text is not None):
        return replace(turn, **common)
    for kind, names in _MEDIA:
        if any(getattr(message, name, None) for name in names):
            return Turn("other", kind, **common)
    return Turn("other", "empty", **common)


def _tap(update_id: int, query: CallbackQuery) -> Incoming | None:
    message = query.message
    if query.from_user.is_bot or message is None:
        return None
    turn = Turn(
        "tap",
        query.data or "",
        shown_id=message.message_id,
        client_language=(query.from_user.language_code or "")[:16],
    )
    if message.chat.type != ChatType.PRIVATE:
        group = Turn("other", "group")
        return Incoming(update_id, message.chat.id, group, query=query.id, private=False)
    return Incoming(update_id, message.chat.id, turn, query=query.id)


def _membership(update_id: int, change: ChatMemberUpdated) -> Incoming | None:
    gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.chat.type == ChatType.PRIVATE:
        return Incoming(update_id, change.chat.id, present=not gone)
    if change.chat.type == ChatType.CHANNEL or gone:
        return None
    came = change.old_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Incoming(update_id, change.chat.id, Turn("other", "group"), private=False) if came else None
