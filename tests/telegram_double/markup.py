"""What a message may hold: HTML as Telegram reads it, and keyboards.

Source of the rules: https://core.telegram.org/bots/api#formatting-options and #inlinekeyboardbutton.
"""

import html
import json
import re
from typing import Any

from tests.telegram_double.errors import bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_DATA_BYTES = 64
INLINE_BUTTONS = 100
PLACEHOLDER_LIMIT = 64

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_END = re.compile(r"</([a-zA-Z0-9-]*)\s*>")
_START = re.compile(r"<([a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_ESCAPE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?)|(?P<url>https?://[^\s<>]+)|(?P<mention>(?<!\w)@\w{4,32})"
)


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of an HTML message; raises what Telegram answers to broken HTML."""
    out: list[str] = []
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    length = at = 0

    def fail(reason: str, place: int | None = None, more: str = "") -> Exception:
        where = "" if place is None else f" at byte offset {len(source[:place].encode())}"
        return bad_request(f"can't parse entities: {reason}{where}{more}")

    while at < len(source):
        char = source[at]
        if char == "&" and (found := _ESCAPE.match(source, at)):
            piece, at = html.unescape(found[0]), found.end()
        elif char != "<":
            end = at + 1
            while end < len(source) and source[end] not in "<&":
                end += 1
            piece, at = source[at:end], end
        elif source.startswith("</", at):
            end_tag = _END.match(source, at)
            if not end_tag:
                raise fail("Unclosed end tag", at)
            if not open_tags:
                raise fail("Unexpected end tag", at)
            name, begin, attributes = open_tags.pop()
            said = end_tag[1].lower()
            if said and said != name:
                raise fail("Unmatched end tag", at, f', expected "</{name}>", found "</{said}>"')
            if length > begin:
                entities.append(_entity(name, begin, length - begin, attributes, "".join(out)))
            at = end_tag.end()
            continue
        else:
            start_tag = _START.match(source, at)
            name = (start_tag[1] if start_tag else re.match(r"<([^\s>]*)", source[at:])[1]).lower()  # type: ignore[index]
            if name not in TAGS:
                raise fail(f'Unsupported start tag "{name}"', at)
            if not start_tag:
                raise fail("Unclosed start tag", at)
            attributes = {
                key.lower(): html.unescape(value.strip("\"'"))
                for key, value in _ATTRIBUTE.findall(start_tag[2])
            }
            if name == "span" and attributes.get("class") != "tg-spoiler":
                raise fail('Tag "span" must have class "tg-spoiler"', at)
            open_tags.append((name, length, attributes))
            at = start_tag.end()
            continue
        out.append(piece)
        length += units(piece)
    if open_tags:
        raise fail(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return _trim("".join(out), entities)


def _entity(name: str, offset: int, length: int, attributes: dict[str, str], text: str) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": TAGS[name], "offset": offset, "length": length}
    if name == "a":
        inner = text.encode("utf-16-le", "surrogatepass")[offset * 2 :].decode("utf-16-le", "surrogatepass")
        entity["url"] = attributes.get("href") or inner
    elif name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def _trim(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Without the white space at both ends, which Telegram removes."""
    kept = text.strip()
    shift, end = units(text) - units(text.lstrip()), units(kept)
    moved = []
    for entity in entities:
        begin = max(entity["offset"] - shift, 0)
        stop = min(entity["offset"] - shift + entity["length"], end)
        if stop > begin:
            moved.append({**entity, "offset": begin, "length": stop - begin})
    return kept, moved


def formatted(
    text: str, mode: str | None, given: list[dict[str, Any]] | None = None
) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of what a bot sends; `mode` HTML or none (others are refused here)."""
    if given:
        return _trim(text, given)
    if not mode:
        return text.strip(), []
    if mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return parse_html(text)


def found_entities(text: str) -> list[dict[str, Any]]:
    """Entities that Telegram finds by itself in a person's text: commands, links, mentions."""
    return [
        {"type": found.lastgroup, "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in _FOUND.finditer(text)
    ]


def keyboard(value: Any, private: bool) -> dict[str, Any] | None:
    """A checked `reply_markup`."""
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        rows = [[_inline(button) for button in row] for row in value["inline_keyboard"]]
        rows = [row for row in rows if row]
        if sum(map(len, rows)) > INLINE_BUTTONS:
            raise bad_request("reply markup is too long")
        return {"inline_keyboard": rows}
    if "keyboard" in value:
        rows = [
            [{"text": button} if isinstance(button, str) else button for button in row]
            for row in value["keyboard"]
        ]
        for button in (button for row in rows for button in row):
            if not button.get("text"):
                raise bad_request("can't parse keyboard button: Can't find field \"text\"")
            if button.get("request_location") and not private:
                raise bad_request("location can be requested in private chats only")
            if button.get("request_contact") and not private:
                raise bad_request("phone number can be requested in private chats only")
        if units(value.get("input_field_placeholder", "")) > PLACEHOLDER_LIMIT:
            raise bad_request("input field placeholder is too long")
        return {**value, "keyboard": rows}
    if "remove_keyboard" in value or "force_reply" in value:
        return value
    return None


def _inline(button: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    actions = [key for key in button if key not in ("text", "style", "icon_custom_emoji_id")]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 0 < len(button["callback_data"].encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://\S+\.?\S*$|[\w.-]+\.\w+", button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button
