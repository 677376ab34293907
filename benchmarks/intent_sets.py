"""Other people's intent sets: reading their files and splitting them, always alike for the same seed.

Formats: xSID (conll, comment lines `# text = ` and `# intent = `) and the Schema-Guided Dialogue form of COD (json,
user turns whose action is `INFORM_INTENT`).
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEST_SHARE = 0.3
HELD_OUT_SHARE = 0.2
LEAST = 5
"""An intent with fewer sentences in training or test is never held out: it would say nothing."""
_COMMENT = re.compile(r"# (text|intent) ?[:=] ?(.*)")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and its intent."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Split:
    """What to learn from, what to ask, and what is of intents that were held out."""

    set_name: str
    seed: int
    train: Sequence[Example]
    test: Sequence[Example]
    outside: Sequence[Example]


def read(path: Path) -> list[Example]:
    """The examples of a file in either format.

    Raises:
        SystemExit: it has none.
    """
    text = path.read_text("utf-8")
    found = list(_dialogues(json.loads(text)) if path.suffix == ".json" else _conll(text))
    if not found:
        raise SystemExit(
            f"{path.name}: no sentence with an intent found. See benchmarks/README.md for the formats."
        )
    return found


def _conll(text: str) -> Iterator[Example]:
    for block in text.split("\n\n"):
        said = {
            match[1]: match[2] for line in block.splitlines() if (match := _COMMENT.fullmatch(line.strip()))
        }
        if said.get("text") and said.get("intent"):
            yield Example(said["text"].strip(), _plain(said["intent"]))


def _dialogues(dialogues: Sequence[Any]) -> Iterator[Example]:
    for turn in (turn for dialogue in dialogues for turn in dialogue["turns"] if turn["speaker"] == "USER"):
        voiced = [
            value
            for frame in turn["frames"]
            for action in frame["actions"]
            if action["act"] == "INFORM_INTENT"
            for value in action["values"]
        ]
        if len(voiced) == 1 and turn["utterance"].strip():
            yield Example(turn["utterance"].strip(), _plain(voiced[0]))


def _plain(intent: str) -> str:
    """Without the slash, which means a retrieval intent to Rasa."""
    return intent.strip().replace("/", ".")


def split(name: str, train: Sequence[Example], test: Sequence[Example], seed: int) -> Split:
    """Hold a fifth of the intents out; a set without a part for tests gives 30 % of each intent's sentences.

    Test sentences of intents without a training sentence are left out.
    """
    chance = random.Random(f"{name} {seed}")
    if not test:
        train, test = _divided(train, chance)
    learnt, asked = (Counter(e.intent for e in part) for part in (train, test))
    intents = sorted(learnt)
    large = [intent for intent in intents if min(learnt[intent], asked[intent]) >= LEAST]
    held_out = set(chance.sample(large, min(len(large), round(HELD_OUT_SHARE * len(intents)))))
    return Split(
        name,
        seed,
        [e for e in train if e.intent not in held_out],
        [e for e in test if e.intent in learnt and e.intent not in held_out],
        [e for e in test if e.intent in held_out],
    )


def _divided(examples: Sequence[Example], chance: random.Random) -> tuple[list[Example], list[Example]]:
    parts: tuple[list[Example], list[Example]] = ([], [])
    for intent in sorted({e.intent for e in examples}):
        of_intent = [e for e in examples if e.intent == intent]
        chance.shuffle(of_intent)
        cut = round(TEST_SHARE * len(of_intent))
        parts[1].extend(of_intent[:cut])
        parts[0].extend(of_intent[cut:])
    return parts
