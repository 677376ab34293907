"""The methods of the Bot API that the double knows; wording of errors as on the real server."""

import time
from collections.abc import Callable
from typing import Any

from tests.telegram_double.errors import ApiError, bad_request, forbidden
from tests.telegram_double.markup import CAPTION_LIMIT, TEXT_LIMIT, formatted, keyboard, units
from tests.telegram_double.params import Params
from tests.telegram_double.state import Chat, Json, Message, World

Method = Callable[[World, Params], Any]
METHODS: dict[str, Method] = {}
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
QUERY_SECONDS = 900
"""How long a tap can be answered; Telegram names no figure."""
DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def method(name: str) -> Callable[[Method], Method]:
    """Register a method under its name, whose case does not count."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def writable(world: World, params: Params) -> Chat:
    """The chat to write to; 400 or 403 as the real server says it."""
    chat_id = params.raw.get("chat_id")
    if chat_id in (None, ""):
        raise bad_request("chat_id is empty")
    try:
        chat = world.chats.get(int(str(chat_id)))
    except ValueError:
        chat = None
    if chat is None:
        raise bad_request("chat not found")
    if chat.shut:
        raise forbidden(chat.shut)
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def _send(world: World, params: Params, content: Json, source: str = "") -> Json:
    chat = writable(world, params)
    markup = keyboard(params.raw.get("reply_markup"), chat.private)
    reply = params.json("reply_parameters") or {}
    target = reply.get("message_id") or params.integer("reply_to_message_id", 0)
    if target:
        if int(target) in chat.messages:
            content["reply_to_message"] = chat.messages[int(target)].as_json()
        elif not (reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")):
            raise bad_request("message to be replied not found")
    message = world.post(chat, world.bot, content, markup, source)
    if markup and "keyboard" in markup:
        chat.keyboard = markup
    elif markup and "remove_keyboard" in markup:
        chat.keyboard = None
    world.show("message", chat, message)
    return message.as_json()


def _text(params: Params, name: str, limit: int, entities: str, too_long: str) -> Json:
    text, found = formatted(params.text(name), params.text("parse_mode") or None, params.json(entities))
    if units(text) > limit:
        raise bad_request(too_long)
    return ({name: text} if text else {}) | ({entities: found} if found else {})


@method("getMe")
def get_me(world: World, params: Params) -> Json:
    """Who the bot is."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("sendMessage")
def send_message(world: World, params: Params) -> Json:
    """Text, with HTML really parsed."""
    writable(world, params)
    content = _text(params, "text", TEXT_LIMIT, "entities", "message is too long")
    if not content.get("text"):
        raise bad_request("message text is empty")
    preview = params.json("link_preview_options")
    return _send(
        world, params, content | ({"link_preview_options": preview} if preview else {}), params.text("text")
    )


def _place(params: Params) -> Json:
    place = {"latitude": params.number("latitude"), "longitude": params.number("longitude")}
    if not (-90 <= place["latitude"] <= 90 and -180 <= place["longitude"] <= 180):
        raise bad_request("wrong latitude or longitude")
    return place


@method("sendLocation")
def send_location(world: World, params: Params) -> Json:
    """A point."""
    return _send(world, params, {"location": _place(params)})


@method("sendVenue")
def send_venue(world: World, params: Params) -> Json:
    """A pin with a name; messages with a venue have the location too."""
    place = _place(params)
    if not params.text("title") or not params.text("address"):
        raise bad_request("venue title or address is empty")
    venue = {"location": place, "title": params.text("title"), "address": params.text("address")}
    return _send(world, params, {"venue": venue, "location": place})


def _file(world: World, params: Params, name: str) -> tuple[str, str, int]:
    value: Any = params.raw.get(name)
    if isinstance(value, str) and value.startswith("attach://"):
        value = params.raw.get(value.removeprefix("attach://"))
    if isinstance(value, dict):
        file_id = f"file-{world.unique()}"
        world.files[file_id] = value["content"]
        return file_id, value["file_name"], len(value["content"])
    if not value:
        raise bad_request(f"there is no {name} in the request")
    if value not in world.files and not value.startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return value, value.rsplit("/", 1)[-1], len(world.files.get(value, b""))


@method("sendDocument")
def send_document(world: World, params: Params) -> Json:
    """A file."""
    file_id, file_name, size = _file(world, params, "document")
    document = {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_name": file_name,
        "file_size": size,
    }
    caption = _text(params, "caption", CAPTION_LIMIT, "caption_entities", "message caption is too long")
    return _send(world, params, {"document": document} | caption, params.text("caption"))


@method("sendPhoto")
def send_photo(world: World, params: Params) -> Json:
    """A picture."""
    file_id, _, size = _file(world, params, "photo")
    photo = {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "width": 90,
        "height": 90,
        "file_size": size,
    }
    caption = _text(params, "caption", CAPTION_LIMIT, "caption_entities", "message caption is too long")
    return _send(world, params, {"photo": [photo]} | caption, params.text("caption"))


@method("getFile")
def get_file(world: World, params: Params) -> Json:
    """Where to download a file."""
    file_id = params.text("file_id")
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    size = len(world.files[file_id])
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size, "file_path": file_id}


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> bool:
    """Typing and the like."""
    chat = writable(world, params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.show("typing", chat, action=params.text("action"))
    return True


def _own(world: World, params: Params) -> tuple[Chat, Message]:
    chat = writable(world, params)
    message = chat.messages.get(params.integer("message_id", 0))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is None or message.sender["id"] != world.bot["id"]:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    world: World, chat: Chat, message: Message, content: Json, markup: Json | None, source: str
) -> Json:
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    before = message.markup if message.buttons else None
    after = markup if markup and markup["inline_keyboard"] else None
    if content == message.content and before == after:
        raise bad_request(NOT_MODIFIED)
    changed = world.change(chat, message, content=content, markup=after, source=source)
    world.show("edit", chat, changed)
    return changed.as_json()


@method("editMessageText")
def edit_message_text(world: World, params: Params) -> Json:
    """Replace the text, and the buttons with it."""
    chat, message = _own(world, params)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    content = _text(params, "text", TEXT_LIMIT, "entities", "MESSAGE_TOO_LONG")
    if not content.get("text"):
        raise bad_request("message text is empty")
    kept = {key: value for key, value in message.content.items() if key not in ("text", "entities")}
    markup = keyboard(params.raw.get("reply_markup"), chat.private)
    return _edit(world, chat, message, kept | content, markup, params.text("text"))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Replace the buttons."""
    chat, message = _own(world, params)
    markup = keyboard(params.raw.get("reply_markup"), chat.private)
    return _edit(world, chat, message, message.content, markup, message.source)


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> bool:
    """Stop the button's spinner."""
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or query.expired or query.answer is not None or time.time() - query.at > QUERY_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if units(params.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": params.text("text"), "show_alert": params.flag("show_alert")}
    world.show("answer", world.chats[query.chat_id], query=query.id, **query.answer)
    return True


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if time.time() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    world.show("delete", chat, chat.messages.pop(message_id))


@method("deleteMessage")
def delete_message(world: World, params: Params) -> bool:
    """Delete one message."""
    _delete(world, writable(world, params), params.integer("message_id", 0))
    return True


@method("deleteMessages")
def delete_messages(world: World, params: Params) -> bool:
    """Delete up to 100; those that are not there are passed over."""
    chat = writable(world, params)
    ids = params.json("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
        raise bad_request(
            "message identifiers are not specified" if not ids else "too many message identifiers"
        )
    for message_id in ids:
        try:
            _delete(world, chat, int(message_id))
        except ApiError:
            continue
    return True


@method("logOut")
@method("close")
def leave(world: World, params: Params) -> bool:
    """Nothing to leave here."""
    return True
