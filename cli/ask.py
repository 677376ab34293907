"""Ask and parse from the command line, by the same way as a message from Telegram."""

import secrets
from dataclasses import asdict
from datetime import date
from typing import Any

from cli.prepare import prepare_database
from cli.reading import Reading, reader
from cli.servers import engine_url
from cli.texts import known_numbers
from cli.visitor import visiting
from core.assembly import build_conversation
from core.citations import about
from core.engine_client import EngineClient
from core.guard import default_guard
from core.help_cards import addressee
from core.languages import SOURCE, translator
from core.outcomes import ChatState
from core.reading import read_text
from core.replies import Reply
from core.settings import Settings


async def ask_turns(settings: Settings, texts: list[str]) -> list[dict[str, Any]]:
    """A fresh conversation: an entry a text, with the replies as the person would see them."""
    await prepare_database(settings)
    guard, keep = default_guard(), known_numbers()
    chat = ChatState(f"ask-{secrets.token_hex(8)}")
    turns: list[dict[str, Any]] = []
    async with (
        visiting(settings, chat.id) as visitor,
        engine_url(settings) as url,
        EngineClient(url) as engine,
    ):
        conversation = build_conversation(engine, visitor.database)
        for text in texts:
            turn = read_text(text, guard, keep)
            outcome = await conversation.handle(chat, turn)
            await visitor.record(outcome)
            chat = outcome.chat
            cards = [conversation.card(addressee(chat, text), turn.danger)] if turn.danger else []
            turns.append(
                {
                    "text": text,
                    "topic": outcome.understood.topic,
                    "confidence": outcome.understood.confidence,
                    "danger": outcome.danger,
                    "language": outcome.language,
                    "replies": [_reply(reply) for reply in (*cards, *outcome.replies)],
                }
            )
    return turns


def _reply(reply: Reply) -> dict[str, Any]:
    whole = reply.to_dict()
    return {key: whole[key] for key in ("text", "buttons", "venue", "topic", "sources", "checked")}


def show_turn(turn: dict[str, Any]) -> str:
    """A turn as text for the terminal."""
    lines = [f"> {turn['text']}", f"  [{turn['topic']} {turn['confidence'] or 0:.2f}]"]
    for reply in turn["replies"]:
        if reply["venue"]:
            lines.append(f"📍 {reply['venue']['title']}, {reply['venue']['address']}")
        if reply["text"]:
            lines.append(reply["text"])
        for s in reply["sources"]:
            lines.append(f"   Sumber: {s['title']} ({about(s['publisher'], s['date'])})")
        if reply["checked"]:
            lines.append(f"   diperiksa {translator(SOURCE).date(date.fromisoformat(reply['checked']))}")
    return "\n".join(lines)


async def parse_lines(settings: Settings, texts: list[str]) -> list[dict[str, Any]]:
    """What is understood of each text, outside any conversation."""
    async with reader(settings) as reading:
        return [_entry(found) for found in await reading.read(texts)]


def _entry(found: Reading) -> dict[str, Any]:
    return {
        "text": found.text,
        "topic": found.topic,
        "confidence": found.understood.confidence,
        "alternatives": [asdict(alternative) for alternative in found.understood.alternatives],
        "danger": found.danger,
        "entities": [dict(entity) for entity in found.understood.entities],
    }
