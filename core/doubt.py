"""Doubt: an answer that may be to another question says what it takes the question for, and offers the others."""

from collections.abc import Sequence
from dataclasses import replace

from core.languages import Translator
from core.languages import mark as _
from core.outcomes import Understanding
from core.replies import Reply
from core.topics import CONVERSATIONAL, EMERGENCIES, topics

DOUBTFUL = 0.9
"""Confidence below which an answer is doubtful; how it was chosen: docs/decisions/0003-understanding.md#doubt."""
POSSIBLE = 0.05
"""Confidence from which another topic is offered beside a doubtful answer."""
OFFERED = 2
"""Other topics beside it."""


def with_others(t: Translator, replies: Sequence[Reply], understood: Understanding) -> tuple[Reply, ...]:
    """The replies to one question; those to a doubtful one with the other topics it may have been about, as buttons.

    A wrong guess must be seen before it is believed, so the answer begins with what it takes the question for; not
    where the guess is an emergency: nobody in danger shall read that they "ask about" it.
    """
    others = offered_beside(understood)
    place = next((i for i, reply in enumerate(replies) if reply.topic == understood.topic), None)
    if place is None or not others:
        return tuple(replies)
    answer = replies[place]
    text = answer.text if understood.topic in EMERGENCIES else f"{_lead(t, answer)}\n\n{answer.text}"
    related = tuple(dict.fromkeys((*others, *answer.related)))
    return (*replies[:place], replace(answer, text=text, related=related), *replies[place + 1 :])


def offered_beside(understood: Understanding) -> list[str]:
    """What else may have been meant, the likeliest first; nothing where there is no doubt.

    Two questions that were found in one message have each been weighed already.
    """
    confidence = understood.confidence
    if not understood.sure or understood.questions or confidence is None or confidence >= DOUBTFUL:
        return []
    if understood.topic in CONVERSATIONAL:
        return []
    # beside an emergency the way back to what was asked; beside anything else help is offered, too
    left_out = {*CONVERSATIONAL, understood.topic, *(EMERGENCIES if understood.topic in EMERGENCIES else ())}
    likely = [other.topic for other in understood.alternatives if other.confidence >= POSSIBLE]
    return [topic for topic in likely if topic not in left_out and topic in topics()][:OFFERED]


def _lead(t: Translator, answer: Reply) -> str:
    title = t.gettext(topics()[answer.topic or ""].title)
    return t.gettext(
        _("Saya kira Anda bertanya tentang: {title}. Kalau bukan, pilih di bawah pesan ini.")
    ).format(title=title)
