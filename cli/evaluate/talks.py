"""Measure conversations: follow-ups, messages that stand alone, two questions in one message."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.evaluate.scores import share
from cli.evaluate.sets import Spoken, read_rows, read_talks
from cli.reading import Reader, Reading
from core.answering import MOST_ANSWERS
from core.context import remember
from core.outcomes import ChatState, Understanding
from core.topics import CONVERSATIONAL, topics

_SEED = 1


@dataclass(frozen=True, slots=True)
class Talks:
    """Results on conversations; shares are 0 to 1.

    `follow_ups` and `standalone`: second and third turns answered rightly. `after_another`: held-out questions answered
    rightly when each comes after a random other topic, beside `alone`. `double`: messages with two questions of which
    both are found, and nothing else before them; `single`: messages with one question that get one answer. `wrong`: the
    turns that went wrong, each with the topics before it and what it was taken for.
    """

    follow_ups: float
    follow_up_count: int
    standalone: float
    standalone_count: int
    after_another: float
    alone: float
    double: float
    double_count: int
    single: float
    single_count: int
    wrong: tuple[str, ...]


async def measure_talks(
    reader: Reader, questions: Sequence[Mapping[str, str]], alone: Sequence[Reading]
) -> Talks:
    """Read all held-out conversations; `questions` and `alone`: the held-out sentences and what they were taken for."""
    turns = await _hold(reader)
    follow = [right for spoken, right, _ in turns if spoken.kind == "follow_up"]
    stand = [right for spoken, right, _ in turns if spoken.kind == "standalone"]
    after = await reader.read(
        [row["text"] for row in questions], _others(questions), what="questions after another topic"
    )
    rows = read_rows("two_questions")
    found = await reader.read([row["text"] for row in rows], what="messages with two questions")
    judged = [(row, _answered(reading)) for row, reading in zip(rows, found, strict=True)]
    doubles = [(row, said) for row, said in judged if " " in row["topics"]]
    singles = [(row, said) for row, said in judged if " " not in row["topics"]]
    return Talks(
        follow_ups=share(follow, bool),
        follow_up_count=len(follow),
        standalone=share(stand, bool),
        standalone_count=len(stand),
        after_another=share(list(zip(questions, after, strict=True)), _is_right),
        alone=share(list(zip(questions, alone, strict=True)), _is_right),
        double=share(doubles, lambda pair: set(pair[1]) == set(pair[0]["topics"].split())),
        double_count=len(doubles),
        single=share(singles, lambda pair: len(pair[1]) == 1),
        single_count=len(singles),
        wrong=tuple(line for _, _, line in turns if line),
    )


async def _hold(reader: Reader) -> list[tuple[Spoken, bool, str]]:
    """Every typed turn with whether it was answered rightly, and a line on it if not."""
    talks = read_talks()
    chats = [ChatState(str(number)) for number in range(len(talks))]
    judged: list[tuple[Spoken, bool, str]] = []
    for step in range(max(map(len, talks))):
        here = [number for number, talk in enumerate(talks) if step < len(talk)]
        typed = [number for number in here if talks[number][step].tapped is None]
        read = await reader.read([talks[n][step].text for n in typed], [chats[n].topics for n in typed])
        heard = dict(zip(typed, read, strict=True))
        for number in here:
            spoken = talks[number][step]
            if number in heard:
                topic = heard[number].topic
                right = topic in spoken.topics
                before = ", ".join(chats[number].topics)
                judged.append(
                    (spoken, right, "" if right else f"{spoken.text} (after {before or '-'}): {topic}")
                )
                understood = heard[number].understood
            else:
                understood = Understanding(spoken.tapped, 1.0)
            chats[number] = ChatState(str(number), topics=remember(chats[number], understood))
    return judged


def _others(questions: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """A random other topic before each question."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    known = [t.id for t in topics().values() if t.id not in CONVERSATIONAL and t.theme not in ("task", "bot")]
    return [[chance.choice([name for name in known if name != row["topic"]])] for row in questions]


def _answered(reading: Reading) -> list[str]:
    asked = [reading.topic, *(question.topic for question in reading.understood.questions)]
    return asked[:MOST_ANSWERS]


def _is_right(pair: tuple[Mapping[str, str], Reading]) -> bool:
    return pair[0]["topic"] == pair[1].topic
