"""Does a short message with a subject of its own go on with the topic before it? No Rasa here.

How likely it does is weighed from nine signs; what each counts was fitted by `python -m training.follow_ups`:
docs/decisions/0008-follow-ups.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import exp, log

from nlu.components.follow_ups import FollowUps, Look
from nlu.components.topics import OUT_OF_SCOPE

Ranking = Mapping[str, float]

_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a follow-up, or against it.

    Log-odds of the message read alone: `out` of scope, `best` of the other topics, `last` of the topic before, `near` of all
    topics of its family or theme. Whether the best topic is one of those, read alone (`stays`) and with the last topic's title
    (`joins`). `of_it`, `is_case`, `words`: as in `Look`.
    """

    out: float
    best: float
    last: float
    near: float
    stays: float
    joins: float
    of_it: float
    is_case: float
    words: float


def signs(alone: Ranking, joined: Ranking, last: str, look: Look, follow_ups: FollowUps) -> Signs:
    """Of a message read alone and with the title of the `last` topic."""
    topics = {name: p for name, p in alone.items() if name != OUT_OF_SCOPE}
    best = max(topics, key=lambda name: topics[name], default=OUT_OF_SCOPE)
    meant = max(joined, key=lambda name: joined[name], default=OUT_OF_SCOPE)
    return Signs(
        out=_odds(alone.get(OUT_OF_SCOPE, 0.0)),
        best=_odds(topics.get(best, 0.0)),
        last=_odds(alone.get(last, 0.0)),
        near=_odds(sum(p for name, p in alone.items() if follow_ups.is_near(last, name))),
        stays=float(follow_ups.is_near(last, best)),
        joins=float(follow_ups.is_near(last, meant)),
        of_it=float(look.of_it),
        is_case=float(look.is_case),
        words=float(look.words),
    )


def related(found: Signs, weights: Mapping[str, float]) -> float:
    """The probability that it goes on with the last topic; `weights` has one for each sign, and `bias`."""
    return 1 / (
        1 + exp(-weights["bias"] - sum(weights[name] * value for name, value in asdict(found).items()))
    )


def _odds(p: float) -> float:
    p = min(max(p, _LEAST), 1 - _LEAST)
    return log(p / (1 - p))
