"""Demo: ninety days of invented conversations, the same for the same seed, in a database that has no real ones."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import threads
from core.answers import read_answers
from core.help_cards import card
from core.keys import Keys
from core.languages import translator
from core.settings import ROOT
from core.storage import Database, models
from core.storage.quality import Counted, Score
from core.topics import CONVERSATIONAL, OUT_OF_SCOPE
from core.unsure import suggest

CHANNEL = "demo"
"""The channel of invented chats: no edge sends to it."""
FACT = "demo"
"""The fact that marks a database of invented conversations; its value is the seed."""
DAYS = 90
SENTENCES = ROOT / "content" / "demo.yml"

_HOURS = (1, 1, 1, 1, 2, 4, 6, 6, 5, 5, 5, 5, 6, 6, 5, 5, 6, 7, 8, 10, 11, 10, 6, 3)
"""How many in a hundred or so write in which hour, UTC+7: evenings most."""
_ZONE_HOURS = 7
_UNKNOWN, _DANGER, _CENTRE = 0.11, 0.02, 0.08  # shares of messages
_CENTRE_TOPIC = "task/find_centre"
_PINS = 3
_SCORES = (0.842, 0.861, 0.858, 0.879, 0.893, 0.904)
"""Invented held-out scores, one every two weeks."""


class DemoError(ValueError):
    """The database is not one for invented conversations; the message says why."""


@dataclass(frozen=True, slots=True)
class Regency:
    """Where invented people live: official code, chats in a hundred, regional language."""

    code: str
    weight: int
    language: str


@dataclass(frozen=True)
class Sentences:
    """What invented people write: `questions`, `unknown`, `dangers` by topic (or group) and language."""

    regencies: tuple[Regency, ...]
    countries: tuple[str, ...]
    questions: Mapping[str, Mapping[str, Sequence[str]]]
    unknown: Mapping[str, Mapping[str, Sequence[str]]]
    dangers: Mapping[str, Mapping[str, Sequence[str]]]

    @cached_property
    def topics(self) -> tuple[list[str], list[float]]:
        """Topics with their weights: those further down the list are asked less. Tasks come by themselves."""
        names = [name for name in self.questions if not name.startswith("task/")]
        return names, [1 / (1 + place % 17) ** 0.7 for place, _name in enumerate(names)]

    def all(self) -> Iterator[str]:
        """Every sentence."""
        for part in (self.questions, self.unknown, self.dangers):
            for languages in part.values():
                for sentences in languages.values():
                    yield from sentences


def read_sentences(path: Path = SENTENCES) -> Sentences:
    """The invented sentences of `content/demo.yml`."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return Sentences(
        tuple(Regency(**entry) for entry in raw["regencies"]),
        tuple(raw["countries"]),
        raw["questions"],
        raw["unknown"],
        raw["dangers"],
    )


async def is_demo(session: AsyncSession) -> bool:
    """Whether this database is marked as one of invented conversations."""
    return await session.get(models.Fact, FACT) is not None


async def remove(database: Database) -> int:
    """Delete all invented conversations and the mark; returns how many chats those were."""
    async with database.begin() as session:
        chats = await session.scalar(select(func.count()).where(models.Chat.channel == CHANNEL)) or 0
        await session.execute(delete(models.Chat).where(models.Chat.channel == CHANNEL))
        await session.execute(delete(Score).where(Score.model == CHANNEL))
        await session.execute(delete(models.Fact).where(models.Fact.key == FACT))
        await session.execute(delete(Counted))
        return chats


async def fill(
    database: Database,
    keys: Keys,
    until: datetime,
    *,
    chats: int,
    seed: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Write invented conversations of the `DAYS` days before `until`; returns the number of messages.

    `progress` is called with the number of chats that are done, all in one transaction.

    Raises:
        DemoError: The database holds real chats, or invented ones already.
    """
    maker = _Maker(read_sentences(), keys, until, seed)
    async with database.begin() as session:
        real = await session.scalar(select(models.Chat.id).where(models.Chat.channel != CHANNEL).limit(1))
        if real is not None:
            raise DemoError(
                "This database has real conversations, and invented ones must not stand among them. "
                "Use another one: set DESMI_DATA_DIR or DESMI_DATABASE_URL."
            )
        if await is_demo(session):
            raise DemoError(
                "This database has invented conversations already. Remove them: desmi demo --remove"
            )
        session.add(models.Fact(key=FACT, value=str(seed)))
        session.add_all(maker.scores())
        await session.execute(delete(Counted))
        maker.centres = (await session.scalars(select(models.Centre).order_by(models.Centre.area_code))).all()
        count = 0
        for number in range(chats):
            count += await maker.write(session, number)
            progress(number + 1)
        return count


class _Maker:
    """Makes chats; one random number after the other decides everything."""

    def __init__(self, sentences: Sentences, keys: Keys, until: datetime, seed: int) -> None:
        self._sentences = sentences
        self._keys = keys
        self._until = until.replace(minute=0, second=0, microsecond=0)
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311 (nothing secret)
        self._answers = read_answers()
        self.centres: Sequence[models.Centre] = ()

    def scores(self) -> list[Score]:
        """Invented results of `desmi evaluate`."""
        last = len(_SCORES) - 1
        return [
            Score(
                at=self._until - timedelta(days=14 * (last - place)),
                model=CHANNEL,
                sentences=500,
                accuracy=score,
                macro_f1=score - 0.02,
                danger_recall=0.97,
                rejected=score - 0.05,
            )
            for place, score in enumerate(_SCORES)
        ]

    async def write(self, session: AsyncSession, number: int) -> int:
        """One chat with its messages; returns how many."""
        dice = self._random
        home = dice.choices(self._sentences.regencies, [r.weight for r in self._sentences.regencies])[0]
        regional = home.language if dice.random() < 0.35 else "id"
        language = "en" if dice.random() < 0.03 else regional
        abroad = dice.random() < 0.3
        chat = models.Chat(
            id=self._keys.pseudonym(CHANNEL, f"{self._seed}:{number}"),
            channel=CHANNEL,
            address="0",
            language=language,
            country=dice.choice(self._sentences.countries) if abroad else None,
        )
        session.add(chat)
        # more people come as Desmi becomes known
        first = DAYS * (1 - dice.random() ** 0.7)
        visits = sorted({first, *(dice.uniform(first, DAYS) for _ in range(dice.choice((0, 0, 1, 1, 2, 4))))})
        moments = [self._moment(day) for day in visits]
        chat.created_at = chat.seen_at = moments[0]
        await session.flush()
        count = 0
        for start in moments:
            at = start
            for _ in range(dice.choice((1, 1, 2, 2, 3, 5))):
                if at >= self._until:
                    break
                count += await self._turn(session, chat, at, home.code)
                chat.seen_at = max(chat.seen_at, at)
                at += timedelta(seconds=dice.randint(25, 400))
        return count

    def _moment(self, day: float) -> datetime:
        hour = self._random.choices(range(24), _HOURS)[0]
        midnight = (self._until + timedelta(hours=_ZONE_HOURS)).replace(hour=0)
        at = midnight - timedelta(days=DAYS - int(day), hours=_ZONE_HOURS)
        at += timedelta(hours=hour, seconds=self._random.randint(0, 3599))
        return min(at, self._until - timedelta(hours=1))

    def _sentence(self, languages: Mapping[str, Sequence[str]], language: str) -> tuple[str, str]:
        """A sentence in this language, otherwise in Indonesian, and its language."""
        spoken = language if language in languages else next(iter(languages))
        return self._random.choice(languages[spoken]), spoken

    async def _turn(self, session: AsyncSession, chat: models.Chat, at: datetime, home: str) -> int:
        """A message with its replies; returns how many rows that are."""
        dice = self._random
        fate = dice.random()
        if fate < _DANGER:
            topic = dice.choice(list(self._sentences.dangers))
            said = await self._say(session, chat, at, topic, self._sentences.dangers[topic], danger=topic)
            chat.danger, chat.danger_at = topic, at
            text = card(topic, chat.country, chat.language).text
            self._reply(session, said, "card", text, dice.randint(20, 90))
        elif fate < _DANGER + _UNKNOWN:
            group = dice.choice(list(self._sentences.unknown))
            said = await self._say(
                session, chat, at, OUT_OF_SCOPE, self._sentences.unknown[group], confidence=(0.08, 0.34)
            )
            offered = suggest(translator(chat.language), [entry["topic"] for entry in said.alternatives])
            self._reply(session, said, "answer", offered.text, dice.randint(180, 700))
        elif fate < _DANGER + _UNKNOWN + _CENTRE:
            topic = _CENTRE_TOPIC
            said = await self._say(session, chat, at, topic, self._sentences.questions[topic], regency=home)
            near = [centre for centre in self.centres if centre.area_code[:2] == home[:2]][:_PINS]
            for text in ("", *(f"Desmigratif Desa {centre.village}" for centre in near)):
                self._reply(session, said, "task", text, dice.randint(150, 900))
                await session.flush()
            return 2 + len(near)
        else:
            topic = dice.choices(*self._sentences.topics)[0]
            said = await self._say(session, chat, at, topic, self._sentences.questions[topic])
            answer = self._answers.get(topic)
            shown = self._reply(
                session, said, "answer", answer.text if answer else "", dice.randint(150, 900)
            )
            if answer and topic not in CONVERSATIONAL and dice.random() < 0.3:
                # some answers help less than others
                shown.feedback = 1 if dice.random() < 0.9 - 0.4 * (len(topic) % 5 == 0) else -1
                await session.flush()
                await threads.rated(session, shown, None)
        return 2

    async def _say(
        self,
        session: AsyncSession,
        chat: models.Chat,
        at: datetime,
        topic: str,
        languages: Mapping[str, Sequence[str]],
        *,
        danger: str | None = None,
        confidence: tuple[float, float] = (0.45, 0.99),
        regency: str | None = None,
    ) -> models.Message:
        text, language = self._sentence(languages, chat.language)
        sure = round(self._random.uniform(*confidence), 3)
        others = self._random.sample(self._sentences.topics[0], 3)
        alternatives = [{"topic": topic, "confidence": sure}] if topic != OUT_OF_SCOPE else []
        alternatives += [
            {"topic": other, "confidence": round(min(sure, 1 - sure) / (2 + place), 3)}
            for place, other in enumerate(others)
        ]
        message = models.Message(
            chat=chat.id,
            direction="in",
            kind="text",
            text=text,
            topic=topic,
            confidence=sure,
            alternatives=alternatives,
            missed=topic == OUT_OF_SCOPE,
            danger=danger,
            language=language,
            at=at,
        )
        session.add(message)
        await session.flush()
        await threads.heard(session, self._keys, message)
        await threads.understood(session, message, regency)
        return message

    def _reply(
        self, session: AsyncSession, said: models.Message, kind: str, text: str, latency_ms: int
    ) -> models.Message:
        shown = models.Message(
            chat=said.chat,
            direction="out",
            kind=kind,
            text=text,
            topic=said.topic,
            alternatives=[],
            danger=said.danger,
            language=said.language,
            latency_ms=latency_ms,
            reply_to=said.id,
            at=said.at + timedelta(milliseconds=latency_ms),
        )
        session.add(shown)
        return shown
