"""Context: the last topics of a chat, in whose light a short message is read, and the country that they are about."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from core.countries import countries
from core.outcomes import ChatState, Understanding
from core.topics import CONVERSATIONAL, topics

KEPT = 3
"""Topics that a chat remembers."""
FRESH = timedelta(minutes=30)
"""How long topics are remembered: whoever comes back later begins anew."""

_ASIDE = frozenset({"task", "bot"})
"""Themes that are no matter to go on asking about."""


def remember(chat: ChatState, understood: Understanding) -> tuple[str, ...]:
    """The chat's topics after a turn, the newest first.

    Small talk and what was not understood change nothing; a task has questions of its own, so it begins anew.
    """
    if not understood.sure:
        return chat.topics
    if (understood.topic or "").startswith("task/"):
        return ()
    asked = [question.topic for question in reversed(understood.questions[:1])]
    if understood.topic is not None:
        asked.append(understood.topic)
    new = [name for name in asked if _counts(name)]
    return tuple(dict.fromkeys((*new, *chat.topics)))[:KEPT]


def _counts(topic: str) -> bool:
    known = topics().get(topic)
    return known is not None and topic not in CONVERSATIONAL and known.theme not in _ASIDE


def named_country(entities: Iterable[Mapping[str, Any]]) -> str | None:
    """The first country among the entities of a message, as ISO code."""
    return next((str(e["value"]) for e in entities if e.get("entity") == "country"), None)


def country_of(chat: ChatState, entities: Iterable[Mapping[str, Any]]) -> str | None:
    """The country that an answer should be about: named in the message, or what the talk of the last half hour is about."""
    if named := named_country(entities):
        return named
    guides = {country.guide: country.id for country in countries() if country.guide}
    for topic in chat.topics:
        if topic in guides:
            return guides[topic]
    return chat.country if chat.topics else None
