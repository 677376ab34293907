"""What tells a follow-up with a subject of its own from a message that stands alone: `python -m training.follow_ups`, minutes.

Follow-ups are those of `training/follow_ups.csv`, written by the developers; what stands alone are the training sentences of at
most eight words, each put after a random other topic. All are read by models that never saw them (two of five folds). Prints the signs'
weights (`nlu.components.relatedness`) and what is right at which threshold; the table's weights were fitted on other texts.
"""

import csv
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import yaml

from nlu import without_tensorflow

without_tensorflow.install()

from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.shared.nlu.constants import TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from nlu.components.decision import TOPIC, TopicDecision  # noqa: E402
from nlu.components.follow_ups import SHORT_WORDS  # noqa: E402
from nlu.components.in_context import InContext, ranking_of  # noqa: E402
from nlu.components.relatedness import Signs, signs  # noqa: E402
from nlu.components.unfold import groups  # noqa: E402
from training.pipeline import example, trained  # noqa: E402
from training.sentences import answers, sentences  # noqa: E402

FOLLOW_UPS = Path(__file__).with_name("follow_ups.csv")
FOLDS, READ_FOLDS = 5, 2
PARTS = 5
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Turn:
    """A message after a topic; `right`: topics that it may mean; `goes_on`: whether it is a follow-up."""

    before: str
    text: str
    right: Sequence[str]
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Of a turn: its signs, and whether it is read rightly alone and with the topic's title."""

    turn: Turn
    signs: Signs
    alone: bool
    joined: bool


def turns() -> list[Turn]:
    """The follow-ups."""
    rows = csv.DictReader(FOLLOW_UPS.read_text("utf-8").splitlines())
    return [Turn(row["before"], row["text"], row["topics"].split(), True) for row in rows]


def _alone(rows: Sequence[tuple[str, str]], topics: Sequence[str], chance: random.Random) -> list[Turn]:
    return [
        Turn(chance.choice([other for other in topics if other != topic]), text, (topic,), False)
        for topic, text in rows
        if len(text.split()) <= SHORT_WORDS
    ]


def _read(parts: Sequence[Any], turn: Turn) -> Reading | None:
    """None where the words alone decide (bare follow-ups), or nothing may be weighed anew."""
    place = next(i for i, part in enumerate(parts) if isinstance(part, InContext))
    context, decision = parts[place], next(part for part in parts if isinstance(part, TopicDecision))
    messages = [Message({TEXT: turn.text, "metadata": {"topics": [turn.before]}})]
    for part in parts[:place]:
        messages = part.process(messages)
    ((message, helpers),) = groups(messages)
    joined = next((helper for helper in helpers if helper.get("role") == "joined"), None)
    look = context.look(message)[0]
    if joined is None or look.is_bare:
        return None
    found = signs(ranking_of(message), ranking_of(joined), turn.before, look, context.follow_ups)
    decision.process([message, joined])
    return Reading(turn, found, *(each.get(TOPIC)["name"] in turn.right for each in (message, joined)))


def readings() -> Iterator[Reading]:
    """Of all turns, by each fold's model."""
    rows, written = sentences(Path("nlu")), answers(Path("domain/answers"))
    topics = np.array([topic for topic, _ in rows])
    asked = sorted({topic for topic in topics if not topic.startswith(("bot/", "task/"))})
    pipeline = yaml.safe_load(Path("config.yml").read_text("utf-8"))["pipeline"]
    chance = random.Random(1)  # noqa: S311  (a draw of topics, not a secret)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(topics, topics)
    for number, (here, there) in zip(range(1, READ_FOLDS + 1), folds, strict=False):
        print(f"Model {number} of {READ_FOLDS}: {len(here)} sentences", file=sys.stderr, flush=True)
        data = TrainingData([example(*rows[i]) for i in here], responses=written)
        with tempfile.TemporaryDirectory() as folder:
            parts = trained(pipeline, data, LocalModelStorage.create(Path(folder)))
        read = [*_alone([rows[i] for i in there], asked, chance), *turns()]
        for done, turn in enumerate(read, 1):
            if (reading := _read(parts, turn)) is not None:
                yield reading
            if done % 500 == 0 or done == len(read):
                print(f"Reading messages: {done} of {len(read)}", file=sys.stderr, flush=True)


def main() -> None:
    """Fits, and prints weights and table."""
    found = list(readings())
    columns = np.array([astuple(reading.signs) for reading in found])
    goes_on = np.array([reading.turn.goes_on for reading in found])
    part = np.array([crc32(reading.turn.text.encode()) % PARTS for reading in found])
    related = np.zeros(len(found))
    for number in range(PARTS):
        train = part != number
        model = _regression().fit(columns[train], goes_on[train])
        related[~train] = model.predict_proba(columns[~train])[:, 1]
    model = _regression().fit(columns, goes_on)
    names = [*(field.name for field in fields(Signs)), "bias"]
    weights = [*model.coef_[0], model.intercept_[0]]
    print(", ".join(f"{name}: {weight:.2f}" for name, weight in zip(names, weights, strict=True)))
    alone, joined = (np.array([getattr(reading, how) for reading in found]) for how in ("alone", "joined"))
    print(f"{goes_on.sum()} follow-ups, {(~goes_on).sum()} that stand alone: right")
    print(f"  always alone  {alone[goes_on].mean():.3f} {alone[~goes_on].mean():.4f}")
    for threshold in THRESHOLDS:
        right = np.where(related >= threshold, joined, alone)
        print(f"  from {threshold:.2f} on  {right[goes_on].mean():.3f} {right[~goes_on].mean():.4f}")


def _regression() -> LogisticRegression:
    return LogisticRegression(C=10, max_iter=3000)


if __name__ == "__main__":
    main()
