"""Answering: from what was understood to what is said - a second question's answer, and a country's own words first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.answers import Answer
from core.hotlines import hotlines
from core.outcomes import Understanding
from core.replies import Reply
from core.topics import EMERGENCIES, topics

MOST_ANSWERS = 2
"""Questions of one message that are answered; the others become buttons."""
LIKELY = 0.5
"""Confidence from which another topic is offered beside an emergency's answer."""
OWN_LINES = 3
"""Numbers of one country that stand before an answer."""


def answer_all(
    replies: Sequence[Reply],
    understood: Understanding,
    answers: Mapping[str, Answer],
    country: str | None = None,
) -> tuple[Reply, ...]:
    """The replies to a message with the answer to its second question, and buttons for what is left.

    Each answer is the one for `country` (ISO code) where there is one.
    An emergency is answered alone: what else was asked stands on a button.
    """
    said = list(replies)
    asked = [question.topic for question in understood.questions]
    offered: list[str] = []
    if understood.topic in EMERGENCIES:
        offered = asked + [
            other.topic
            for other in understood.alternatives
            if other.confidence >= LIKELY and other.topic not in EMERGENCIES
        ]
    else:
        written = [topic for topic in asked if topic in answers]
        second = written[: MOST_ANSWERS - 1]
        offered = [topic for topic in asked if topic not in second]
        # a task asks something back, and what asks comes last
        is_task = (understood.topic or "").startswith("task/")
        place = 0 if is_task else _after_first(said, understood.topic)
        said[place:place] = [answers[topic].reply() for topic in second]
    said = [for_country(reply, answers, country) for reply in said]
    return tuple(_offer(said, [topic for topic in offered if topic in topics()]))


def _after_first(replies: Sequence[Reply], topic: str | None) -> int:
    return next((i + 1 for i, reply in enumerate(replies) if reply.topic == topic), len(replies))


def _offer(replies: list[Reply], offered: Sequence[str]) -> list[Reply]:
    """The topics as first related ones of the last reply that has a topic."""
    for i in reversed(range(len(replies))):
        if offered and replies[i].topic is not None:
            related = dict.fromkeys((*offered, *replies[i].related))
            replies[i] = replace(replies[i], related=tuple(related))
            break
    return replies


def for_country(reply: Reply, answers: Mapping[str, Answer], country: str | None) -> Reply:
    """The reply as it is for a country: the answer's text for it, or the country's own numbers first."""
    answer = answers.get(reply.topic or "")
    if answer is None or country is None or reply.text != answer.text:
        return reply
    if (variant := answer.by_country.get(country)) is not None:
        return replace(reply, text=variant.text, sources=variant.sources)
    kinds, today = answer.numbers_first, date.today()
    lines = [line for line in hotlines().for_country(country) if line.kind in kinds]
    # a number that may be dead must not cost the first try
    lines = sorted(lines, key=lambda line: (not line.is_fresh(today), kinds.index(line.kind)))[:OWN_LINES]
    if not lines:
        return reply
    shown = "\n".join(f"• [[hotline:{line.id}]]" for line in lines)
    sources = dict.fromkeys((*(line.source for line in lines), *reply.sources))
    return replace(reply, text=f"{shown}\n\n{reply.text}", sources=tuple(sources))
