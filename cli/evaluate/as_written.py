"""Measure on messages that were written person first, as people type, and labelled afterwards.

Several topics may serve such a message: the first label serves best, the others are accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.evaluate.scores import share
from cli.evaluate.sets import read_rows
from cli.reading import Reader, Reading
from core.answering import MOST_ANSWERS
from core.doubt import offered_beside
from core.topics import EMERGENCIES, OUT_OF_SCOPE
from core.unsure import nearest

Pair = tuple[Mapping[str, str], Reading]


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Shares, 0 to 1, and of how many messages each.

    Of the `questions` in scope: `first` are answered with the topic of the first label, `right` with any that is
    accepted, `reached` so or with it on a button, `asked_back` are not answered. Of the messages `outside`, `rejected`
    are declined. `noticed` of those in `danger`, and `alarms` of the `calm` ones, get a help card or an emergency's answer.
    """

    questions: int
    first: float
    right: float
    reached: float
    asked_back: float
    outside: int
    rejected: float
    danger: int
    noticed: float
    calm: int
    alarms: float

    def to_lines(self) -> list[str]:
        """Lines for people."""
        return [
            "messages written person first, several topics accepted:",
            f"  answered rightly           {self.right:.3f} (of {self.questions}; with the first label {self.first:.3f})",
            f"  rightly or on a button     {self.reached:.3f} (asked back {self.asked_back:.3f})",
            f"  out-of-scope rejected      {self.rejected:.3f} (of {self.outside})",
            f"  emergencies noticed        {self.noticed:.3f} (of {self.danger})",
            f"  alarms on calm ones        {self.alarms:.3f} (of {self.calm})",
        ]


async def measure_as_written(reader: Reader) -> AsWritten:
    """Read `as_written.csv`."""
    rows = read_rows("as_written")
    found = await reader.read([row["text"] for row in rows], what="messages as written")
    return judge(list(zip(rows, found, strict=True)))


def judge(pairs: Sequence[Pair]) -> AsWritten:
    """Hold readings against their labels: `topic`, `also` (ids with spaces between) and `danger` (yes or no)."""
    inside = [pair for pair in pairs if pair[0]["topic"] != OUT_OF_SCOPE]
    outside = [pair for pair in pairs if pair[0]["topic"] == OUT_OF_SCOPE]
    urgent = [found for row, found in pairs if row["danger"] == "yes"]
    calm = [found for row, found in pairs if row["danger"] != "yes"]
    return AsWritten(
        questions=len(inside),
        first=share(inside, lambda pair: pair[0]["topic"] == pair[1].topic),
        right=share(inside, is_right),
        reached=share(
            inside, lambda pair: is_right(pair) or bool(_accepted(pair[0]) & set(_buttons(pair[1])))
        ),
        asked_back=share(inside, lambda pair: pair[1].topic == OUT_OF_SCOPE),
        outside=len(outside),
        rejected=share(outside, is_right),
        danger=len(urgent),
        noticed=share(urgent, alarms),
        calm=len(calm),
        alarms=share(calm, alarms),
    )


def is_right(pair: Pair) -> bool:
    """Whether an accepted topic was answered; of two answers one is enough."""
    row, found = pair
    answered = [found.topic, *(question.topic for question in found.understood.questions)]
    return bool(_accepted(row) & set(answered[:MOST_ANSWERS]))


def alarms(found: Reading) -> bool:
    """Whether a help card or an emergency's answer came."""
    return bool(found.danger) or found.topic in EMERGENCIES


def _accepted(row: Mapping[str, str]) -> set[str]:
    return {row["topic"], *row["also"].split()}


def _buttons(found: Reading) -> list[str]:
    ranking = [other.topic for other in found.understood.alternatives]
    return offered_beside(found.understood) if found.understood.sure else nearest(ranking)
