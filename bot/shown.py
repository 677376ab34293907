"""What a message showed beside its text, for the log: buttons, pin, sources."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.render import Call
from core.replies import Reply


def shown(reply: Reply, calls: Sequence[Call]) -> dict[str, Any] | None:
    """The parts of a rendered reply that the log keeps; None where there is text alone.

    Returns:
        `buttons` (rows of labels), `venue` (title, address, lat, lon), `sources` (title, publisher, date),
        `checked` (YYYY-MM-DD); a part that is not there is left out.
    """
    rows = [
        [str(button["text"]) for button in row]
        for call in calls
        for kind in ("inline_keyboard", "keyboard")
        for row in (call.get("reply_markup") or {}).get(kind, [])
    ]
    parts: dict[str, Any] = {
        "buttons": rows,
        "venue": asdict(reply.venue) if reply.venue else None,
        "sources": [{"title": s.title, "publisher": s.publisher, "date": s.date} for s in reply.sources],
        "checked": reply.checked,
    }
    kept = {name: part for name, part in parts.items() if part}
    return kept or None
