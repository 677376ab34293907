"""Render: a reply as calls of the Bot API, in HTML, within Telegram's limits."""

import html
import logging
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot import limits
from core.citations import SOURCE_LINE, Citation, ages, citations
from core.codes import Code, Kind
from core.languages import Translator, translator
from core.languages import mark as _
from core.menus import topic_choice
from core.replies import Choice, Reply
from core.topics import topics

logger = logging.getLogger(__name__)

Call = dict[str, Any]
"""A call of the Bot API: `method` (a name of `telegram.Bot`) and its JSON-ready arguments, without the chat."""

RELATED_SHOWN = 3

_TAG = re.compile(r"<[^<>]*>")
_PLACEHOLDER = _("ketik nama desa")
_SHARE = _("📍 Bagikan lokasi saya")
_OR_SHARE = _("Atau bagikan lokasi Anda dengan tombol di bawah.")


def escape(text: str) -> str:
    """Text for Telegram's HTML; the one place where text becomes HTML. Lone surrogates become "?"."""
    return html.escape(text.encode("utf-8", "replace").decode("utf-8"), quote=True)


def plain(markup: str) -> str:
    """Telegram's HTML as text without markup, for when Telegram cannot read it."""
    return html.unescape(_TAG.sub("", markup))


def render(
    reply: Reply,
    language: str,
    *,
    feedback: int | None = None,
    edit: int | None = None,
    remove_keyboard: bool = False,
    today: date | None = None,
) -> list[Call]:
    """The calls that show a reply, in order.

    Args:
        reply: What to show.
        language: The person's language code.
        feedback: The id of the `messages` row that "Membantu?" asks about; None asks nothing.
        edit: The id of the shown message to be edited in place of sending a new one.
        remove_keyboard: Whether a share-my-location keyboard is to go.
        today: The day by which an answer counts as stale; the present day where not given.
    """
    t = translator(language)
    day = today or datetime.now(UTC).date()
    if remove_keyboard and reply.buttons and "\n\n" in reply.text:
        # a message has room for one markup only: the first paragraph takes the keyboard away
        head, _gap, rest = reply.text.partition("\n\n")
        first = render(Reply(head), language, remove_keyboard=True, today=day)
        return first + render(replace(reply, text=rest), language, feedback=feedback, today=day)
    rows = _rows(t, reply, feedback)
    markup: Call | None = {"inline_keyboard": rows} if rows else None
    calls = [
        _text(piece) for piece in _pieces(reply.text, _source_line(t, reply, day)) if plain(piece).strip()
    ]
    if reply.venue is not None:
        venue = reply.venue
        calls.append(
            {
                "method": "send_venue",
                "latitude": venue.lat,
                "longitude": venue.lon,
                "title": venue.title or "-",
                "address": venue.address or "-",
            }
        )
    if reply.file is not None:
        calls.append(
            {
                "method": "send_document",
                "document": b64encode(reply.file.data).decode("ascii"),
                "filename": reply.file.name,
            }
        )
    if not calls:
        return []
    # buttons belong to the last text, or to the pin where there is no text
    bearer = next((c for c in reversed(calls) if c["method"] == "send_message"), calls[-1])
    if markup:
        bearer["reply_markup"] = markup
    if reply.ask_location:
        if markup:
            bearer = _text(escape(t.gettext(_OR_SHARE)))
            calls.append(bearer)
        bearer["reply_markup"] = _share_keyboard(t)
    elif remove_keyboard and (free := next((c for c in calls if "reply_markup" not in c), None)):
        free["reply_markup"] = {"remove_keyboard": True}
    if edit is not None and calls[0]["method"] == "send_message" and not _has_keyboard(calls[0]):
        calls[0] = {**calls[0], "method": "edit_message_text", "message_id": edit}
    return calls


def _text(markup: str) -> Call:
    return {
        "method": "send_message",
        "text": markup,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


def _has_keyboard(call: Call) -> bool:
    markup = call.get("reply_markup") or {}
    return bool(markup) and "inline_keyboard" not in markup


def _share_keyboard(t: Translator) -> Call:
    return {
        "keyboard": [[{"text": t.gettext(_SHARE), "request_location": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
        "input_field_placeholder": t.gettext(_PLACEHOLDER)[: limits.PLACEHOLDER_CHARS],
    }


def _rows(t: Translator, reply: Reply, feedback: int | None) -> list[list[Call]]:
    rows = [_row(row) for row in reply.buttons]
    related = [name for name in reply.related if name in topics() and name != reply.topic]
    rows += [_row((topic_choice(t, name),)) for name in related[:RELATED_SHOWN]]
    if feedback is not None and reply.checked:
        rows.append(
            _row(
                (
                    Choice(t.gettext(_("Membantu? 👍")), str(Code(Kind.HELPFUL, f"+:{feedback}"))),
                    Choice("👎", str(Code(Kind.HELPFUL, f"-:{feedback}"))),
                )
            )
        )
    return [row for row in rows if row]


def _row(choices: Sequence[Choice]) -> list[Call]:
    row: list[Call] = []
    for choice in choices:
        if not choice.text or not 0 < len(choice.data.encode()) <= limits.CALLBACK_DATA_BYTES:
            # Telegram would refuse the whole message: rather an answer without this button than none
            logger.error("left a button out: its code is empty or over %d bytes", limits.CALLBACK_DATA_BYTES)
            continue
        row.append({"text": choice.text, "callback_data": choice.data})
    return row


def _source_line(t: Translator, reply: Reply, today: date) -> str:
    """Where the answer was read and when that was checked, as HTML; empty without sources."""
    if not reply.sources:
        return ""
    shown = "; ".join(map(_source, citations(t, reply)))
    line = escape(t.gettext(SOURCE_LINE).format(sources="\0")).replace("\0", shown)
    return f"<i>{' · '.join((line, *map(escape, ages(t, reply, today))))}</i>"


def _source(cited: Citation) -> str:
    title = escape(cited.title)
    if cited.url:
        title = f'<a href="{escape(cited.url)}">{title}</a>'
    return f"{title} ({escape(cited.about)})" if cited.about else title


def _pieces(text: str, footer: str) -> list[str]:
    """The text in HTML, cut into messages on paragraph borders; the footer stays whole."""
    pieces = [escape(piece) for piece in split(text.strip())]
    if not footer:
        return pieces
    joined = f"{pieces[-1]}\n\n{footer}".strip()
    if limits.units(joined) <= limits.TEXT_UNITS:
        return [*pieces[:-1], joined]
    if limits.units(footer) <= limits.TEXT_UNITS:
        return [*pieces, footer]
    return [*pieces, *map(escape, split(plain(footer)))]


def split(text: str, limit: int = limits.TEXT_UNITS) -> list[str]:
    """A text in parts that fit a message once escaped: cut between paragraphs, lines, words, else anywhere."""
    if limits.units(escape(text)) <= limit:
        return [text]
    for border in ("\n\n", "\n", " "):
        if border not in text:
            continue
        parts: list[str] = []
        held = ""
        for block in text.split(border):
            together = f"{held}{border}{block}" if held else block
            if limits.units(escape(together)) <= limit:
                held = together
                continue
            if held:
                parts.append(held)
            *whole, held = split(block, limit)
            parts += whole
        return [part for part in (*parts, held) if part.strip()]
    half = len(text) // 2
    return [*split(text[:half], limit), *split(text[half:], limit)]
