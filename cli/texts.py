"""Text tools of the command line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from core.hotlines import hotlines
from core.offers import Found, check_offer
from core.redaction import redact


def known_numbers() -> frozenset[str]:
    """Numbers that must stay readable: the hotlines."""
    return hotlines().numbers()


def redact_stream(source: BinaryIO, target: BinaryIO) -> None:
    """Mask a stream line by line, so that nothing grows with its length."""
    keep = known_numbers()
    for raw in source:
        line = raw.decode("utf-8", "replace")
        body = line.rstrip("\r\n")
        target.write((redact(body, keep=keep) + line[len(body) :]).encode("utf-8", "replace"))
    target.flush()


def check_offers(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """`{text, signs: [{id, quote, explanation}], order: [{id, quote}]}` for each text; quotes stand in it exactly."""
    for text in texts:
        check = check_offer(text)
        signs = [
            {"id": found.sign.id, "quote": found.quote, "explanation": _explained(found)}
            for found in check.signs
        ]
        order = [{"id": found.order.id, "quote": found.quote} for found in check.order]
        yield {"text": text, "signs": signs, "order": order}


def _explained(found: Found) -> str:
    source = found.sign.source
    about = ", ".join(filter(None, (source.title, source.publisher, source.date)))
    return f"{found.sign.explanation} ({about})"


def show_offer(entry: Mapping[str, Any]) -> str:
    """An entry of `check_offers` to be read."""
    lines = [entry["text"]]
    lines += [f'  ! {sign["id"]}: "{sign["quote"]}" - {sign["explanation"]}' for sign in entry["signs"]]
    lines += [f'  + {order["id"]}: "{order["quote"]}"' for order in entry["order"]]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  no known sign; that proves nothing"])
