"""Invented chats: what people write, what Desmi answers and shows, the same for the same seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from core import plain_yaml, threads
from core.answers import read_answers
from core.centre_replies import one_centre
from core.centres import Centre
from core.help_cards import card
from core.hotlines import hotlines
from core.keys import Keys
from core.languages import translator
from core.menus import task_choice, topic_choice
from core.replies import Choice, Reply
from core.settings import ROOT
from core.storage import models
from core.topics import CONVERSATIONAL, OUT_OF_SCOPE, topics
from core.unsure import suggest

CHANNEL = "demo"
"""The channel of invented chats: no edge sends to it."""
DAYS = 90
SENTENCES = ROOT / "content" / "demo.yml"

_HOURS = (1, 1, 1, 1, 2, 4, 6, 6, 5, 5, 5, 5, 6, 6, 5, 5, 6, 7, 8, 10, 11, 10, 6, 3)
"""How many in a hundred or so write in which hour, UTC+7: evenings most."""
_ZONE_HOURS = 7
_UNKNOWN, _DANGER, _CENTRE = 0.11, 0.02, 0.08  # shares of messages
_CENTRE_TOPIC = "task/find_centre"
_PINS = 2
_AGREE, _DISAGREE = 0.45, 0.1  # shares of people whom Desmi asked, and who answered
_TOPIC_BUTTONS = 3


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
    raw: dict[str, Any] = plain_yaml.load(path.read_text("utf-8"))
    return Sentences(
        tuple(Regency(**entry) for entry in raw["regencies"]),
        tuple(raw["countries"]),
        raw["questions"],
        raw["unknown"],
        raw["dangers"],
    )


class Entry(NamedTuple):
    """A chat, and the code of the regency where its person lives."""

    chat: models.Chat
    home: str


def _shown(reply: Reply, language: str) -> dict[str, Any] | None:
    """What stands beside the text, in the form of the message log; see `core.storage.models.Message`."""
    t = translator(language)
    rows = [[choice.text for choice in row] for row in reply.buttons]
    rows += [[topic_choice(t, name).text] for name in reply.related[:_TOPIC_BUTTONS] if name in topics()]
    if reply.checked and reply.venue is None and reply.topic != _CENTRE_TOPIC:
        rows.append([t.gettext("Membantu? 👍"), "👎"])
    parts = {
        "buttons": rows,
        "venue": asdict(reply.venue) if reply.venue else None,
        "sources": [{"title": s.title, "publisher": s.publisher, "date": s.date} for s in reply.sources],
        "checked": reply.checked,
    }
    return {name: part for name, part in parts.items() if part} or None


class Maker:
    """Makes chats; one random number after the other decides everything."""

    def __init__(self, sentences: Sentences, keys: Keys, until: datetime, seed: int) -> None:
        self._sentences = sentences
        self._keys = keys
        self.until = until.replace(minute=0, second=0, microsecond=0)
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311 (nothing secret)
        self._answers = read_answers()
        self.centres: Sequence[Centre] = ()
        self.chats: list[Entry] = []

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
        if (answer := dice.random()) < _AGREE + _DISAGREE:
            chat.consent = answer < _AGREE
        session.add(chat)
        # more people come as Desmi becomes known
        first = DAYS * (1 - dice.random() ** 0.7)
        visits = sorted({first, *(dice.uniform(first, DAYS) for _ in range(dice.choice((0, 0, 1, 1, 2, 4))))})
        moments = [self._moment(day) for day in visits]
        chat.created_at = chat.seen_at = moments[0]
        chat.consent_at = moments[0] if chat.consent is not None else None
        await session.flush()
        self.chats.append(Entry(chat, home.code))
        count = 0
        for start in moments:
            at = start
            for _ in range(dice.choice((1, 1, 2, 2, 3, 5))):
                if at >= self.until:
                    break
                count += await self._turn(session, chat, at, home.code)
                chat.seen_at = max(chat.seen_at, at)
                at += timedelta(seconds=dice.randint(25, 400))
        return count

    def _moment(self, day: float) -> datetime:
        hour = self._random.choices(range(24), _HOURS)[0]
        midnight = (self.until + timedelta(hours=_ZONE_HOURS)).replace(hour=0)
        at = midnight - timedelta(days=DAYS - int(day), hours=_ZONE_HOURS)
        at += timedelta(hours=hour, seconds=self._random.randint(0, 3599))
        return min(at, self.until - timedelta(hours=1))

    def _sentence(self, languages: Mapping[str, Sequence[str]], language: str) -> tuple[str, str]:
        """A sentence in this language, otherwise in Indonesian, and its language."""
        spoken = language if language in languages else next(iter(languages))
        return self._random.choice(languages[spoken]), spoken

    async def _turn(self, session: AsyncSession, chat: models.Chat, at: datetime, home: str) -> int:
        """A message with its replies; returns how many rows that are."""
        dice = self._random
        fate = dice.random()
        if fate < _DANGER:
            return await self.danger(session, chat, at, home)
        elif fate < _DANGER + _UNKNOWN:
            group = dice.choice(list(self._sentences.unknown))
            said = await self._say(
                session, chat, at, OUT_OF_SCOPE, self._sentences.unknown[group], confidence=(0.08, 0.34)
            )
            offered = suggest(translator(chat.language), [entry["topic"] for entry in said.alternatives])
            self._reply(session, said, "answer", offered, dice.randint(180, 700))
        elif fate < _DANGER + _UNKNOWN + _CENTRE:
            topic = _CENTRE_TOPIC
            said = await self._say(session, chat, at, topic, self._sentences.questions[topic], regency=home)
            near = [centre for centre in self.centres if centre.area_code[:2] == home[:2]][:_PINS]
            t = translator(chat.language)
            for centre in near:
                for reply in one_centre(t, centre, centre.source_date):
                    self._reply(session, said, "task", reply, dice.randint(150, 900))
            await session.flush()
            return 1 + 2 * len(near)
        else:
            topic = dice.choices(*self._sentences.topics)[0]
            said = await self._say(session, chat, at, topic, self._sentences.questions[topic])
            answer = self._answers.get(topic)
            shown = self._reply(
                session, said, "answer", answer.reply() if answer else Reply(""), dice.randint(150, 900)
            )
            if answer and topic not in CONVERSATIONAL and dice.random() < 0.3:
                # some answers help less than others
                shown.feedback = 1 if dice.random() < 0.9 - 0.4 * (len(topic) % 5 == 0) else -1
                await session.flush()
                await threads.rated(session, shown, None)
        return 2

    async def danger(self, session: AsyncSession, chat: models.Chat, at: datetime, home: str) -> int:
        """A message of danger with its help card; returns how many rows that are."""
        dice = self._random
        topic = dice.choice(list(self._sentences.dangers))
        said = await self._say(
            session, chat, at, topic, self._sentences.dangers[topic], danger=topic, regency=home
        )
        chat.danger, chat.danger_at = topic, at
        t = translator(chat.language)
        leave = Choice(t.gettext("🚪 Hapus percakapan ini"), "")
        text = card(topic, chat.country, chat.language).text
        reply = Reply(text, buttons=((task_choice(t, "human"),), (leave,)), topic=topic)
        self._reply(session, said, "card", reply, dice.randint(20, 90))
        await session.flush()
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
        self, session: AsyncSession, said: models.Message, kind: str, reply: Reply, latency_ms: int
    ) -> models.Message:
        shown = models.Message(
            chat=said.chat,
            direction="out",
            kind=kind,
            text=hotlines().fill(reply.text, self.until.date()) or (reply.venue.title if reply.venue else ""),
            topic=said.topic,
            alternatives=[],
            shown=_shown(reply, said.language),
            danger=said.danger,
            language=said.language,
            latency_ms=latency_ms,
            reply_to=said.id,
            at=said.at + timedelta(milliseconds=latency_ms),
        )
        session.add(shown)
        return shown
