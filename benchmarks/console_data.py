"""Invented conversations for `benchmarks.console`: the bulk of them, and beside them what each further screen shows.

Everything follows from one seed. What is there already stays: a filled database gets only what it lacks.
"""

import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from console.accounts import hashed
from core import catalogue, drafts
from core.answers import read_answers
from core.keys import Keys
from core.learning.nearness import Refusal
from core.search import hashes
from core.statistics.counts import CENTRE_TOPIC
from core.storage import Database
from core.storage.cases import Agency
from core.storage.handovers import Handover, LinkScan
from core.storage.learning import Candidate, Correction
from core.storage.models import Base, Chat, Message
from core.storage.quality import AnswerDraft, Score
from core.storage.review import MessageWord, Purge, Thread, ThreadNote, ThreadTag
from core.storage.staff import Audit, Staff
from core.storage.types import now
from core.threads import REASONS
from core.topics import EMERGENCIES, OUT_OF_SCOPE, topics

DAYS = 90
PER_CHAT = 20
"""Messages of a chat, half of them the person's."""
BATCH = 5_000
NAME = "ukur"
"""The staff member who looks at it all; number 1."""
OTHERS = 20
"""Other names in the audit log."""
COMMON = ("saya", "mau", "tanya", "kerja", "berapa", "gimana", "bisa", "paspor", "gaji", "taiwan")
WORDS = (*COMMON, *(f"kata{n}" for n in range(4_000)), "langka")
"""Words from the commonest to one that stands in three messages in all."""


class Maker:
    """Invented rows; what they hold follows from one seed."""

    def __init__(self, keys: Keys, chats: int) -> None:
        self.dice = random.Random(7)
        self.keys = keys
        self.chats = chats
        self.until = now()
        self.topics = [name for name in topics() if name not in EMERGENCIES]
        self.weights = [1 / (1 + place) ** 0.7 for place in range(len(self.topics))]
        self.word_weights = list(itertools.accumulate(1 / (1 + place) for place in range(len(WORDS) - 1)))
        self.hash = {word: hashes(keys, word)[0] for word in WORDS}
        self.messages: list[dict[str, Any]] = []
        self.threads: list[dict[str, Any]] = []
        self.words: list[dict[str, Any]] = []
        self.tags: list[dict[str, Any]] = []
        self._number = 0

    def chat(self, number: int) -> dict[str, Any]:
        """A chat; its messages, thread and words are put into the lists."""
        dice, name = self.dice, self.keys.pseudonym("bench", str(number))
        at = self.until - timedelta(days=DAYS * dice.random() ** 0.8 + 0.1)
        thread: dict[str, Any] = {
            "id": number + 1, "chat": name, "done": dice.random() < 0.6, "assignee": dice.choice((None,) * 9 + (1,)),
            "urgency": 0, "messages": PER_CHAT // 2, "language": dice.choices(("id", "jv", "su", "en"), (80, 9, 6, 5))[0],
            "regency": f"35.{dice.randint(1, 60):02}" if dice.random() < 0.4 else None, "danger": None,
            "thumbs_up": int(dice.random() < 0.2), "thumbs_down": int(dice.random() < 0.06),
        }  # fmt: skip
        if thread["thumbs_down"]:
            thread["urgency"] |= 8
        for place in range(PER_CHAT // 2):
            self._turn(name, thread, at, rare=number < 3 and place == 0)
            at = min(self.until, at + timedelta(seconds=dice.expovariate(1 / 40_000)))
        self.threads.append(thread)
        if dice.random() < 0.1:
            self.tags.append({"thread": number + 1, "tag": dice.choice(("ditelepon", "perlu dicek"))})
        return {"id": name, "address": str(number), "created_at": at, "seen_at": at}

    def _turn(self, chat: str, thread: dict[str, Any], at: datetime, rare: bool) -> None:
        dice = self.dice
        topic = dice.choices(self.topics, self.weights)[0]
        danger = dice.choice(sorted(EMERGENCIES)) if dice.random() < 0.002 else None
        confidence = round(0.99 - dice.random() ** 4, 4)
        missed = topic == OUT_OF_SCOPE
        said = dice.choices(WORDS[:-1], cum_weights=self.word_weights, k=6) + (["langka"] if rare else [])
        self._number += 1
        self.messages.append({
            "id": self._number, "chat": chat, "direction": "in", "kind": "text", "text": " ".join(said),
            "topic": danger or topic, "confidence": confidence, "missed": missed, "danger": danger, "at": at,
            "alternatives": [], "language": thread["language"], "latency_ms": None, "reply_to": None,
        })  # fmt: skip
        self.words += [
            {"word": self.hash[word], "thread": thread["id"], "message": self._number} for word in set(said)
        ]
        thread["urgency"] |= 32 * bool(danger) | 4 * missed | 2 * (confidence < 0.5)
        thread |= {"head": self._number, "topic": topic, "confidence": confidence, "last_at": at}
        thread["danger"] = danger or thread["danger"]
        self._number += 1
        self.messages.append({
            "id": self._number, "chat": chat, "direction": "out", "kind": "answer", "text": "Jawaban. " * 60,
            "topic": topic, "confidence": None, "missed": False, "danger": None, "at": at, "alternatives": [],
            "language": thread["language"], "latency_ms": 300, "reply_to": self._number - 1,
        })  # fmt: skip

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """All chats, some at a time."""
        for start in range(0, self.chats, BATCH // PER_CHAT):
            yield [self.chat(n) for n in range(start, min(start + BATCH // PER_CHAT, self.chats))]


async def fill(database: Database, keys: Keys, chats: int) -> None:
    """Write `chats` conversations of `PER_CHAT` messages into an empty database, and everywhere what is lacking."""
    async with database.read() as session:
        filled = await session.scalar(select(Staff.id).where(Staff.name == NAME))
    if filled is None:
        await _write_chats(database, keys, chats)
    await catalogue.fill(database)
    for table, write in _FURTHER.items():
        async with database.begin() as session:
            if await session.scalar(select(func.count()).select_from(table)):
                continue
            print(f"  {table.__tablename__}", flush=True)
            await write(session)
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        postgres = database.engine.dialect.name == "postgresql"
        await connection.execute(text("VACUUM ANALYZE" if postgres else "ANALYZE"))


async def _write_chats(database: Database, keys: Keys, chats: int) -> None:
    maker = Maker(keys, chats)
    started = time.monotonic()
    for done, rows in enumerate(maker.batches(), 1):
        async with database.begin() as session:
            if done == 1:
                secret = await hashed("ukuran saja cukup")
                session.add(Staff(name=NAME, role="admin", password=secret, must_change=False))
                await session.flush()
            for table, values in (
                (Chat, rows), (Message, maker.messages), (Thread, maker.threads), (MessageWord, maker.words),
                (ThreadTag, maker.tags),
            ):  # fmt: skip
                if values:
                    await session.execute(insert(table), values)
        for written in (maker.messages, maker.threads, maker.words, maker.tags):
            written.clear()
        if done % 20 == 0:
            print(f"  {done * BATCH:>9,} messages, {time.monotonic() - started:.0f} s", flush=True)


# what the further screens show: each writes one table, and what belongs to it elsewhere


async def _scores(session: AsyncSession) -> None:
    """Held-out scores; beside them ratings, guesses at what was not understood, and centres that were shown."""
    for week in range(12):
        session.add(
            Score(
                at=now() - timedelta(weeks=week), model=f"model{week}", sentences=500, accuracy=0.9, macro_f1=0.88,
                danger_recall=0.97, rejected=0.85,
            )
        )  # fmt: skip
    answer = Message.direction == "out"
    await session.execute(update(Message).where(answer, Message.id % 24 == 0).values(feedback=1))
    await session.execute(update(Message).where(answer, Message.id % 120 == 0).values(feedback=-1))
    near = [{"topic": "documents/passport", "confidence": 0.2}]
    await session.execute(update(Message).where(Message.missed.is_(True)).values(alternatives=near))
    asked = (
        await session.execute(
            select(Message.id, Message.chat, Message.at)
            .where(Message.direction == "in", Message.topic == CENTRE_TOPIC)
            .limit(BATCH)
        )
    ).all()
    # rows with given ids leave PostgreSQL's own count of them where it was
    free = itertools.count((await session.scalar(select(func.max(Message.id))) or 0) + 1)
    pins = [
        {
            "id": next(free), "chat": row.chat, "direction": "out", "kind": "task", "text": f"Pin {place}", "topic": CENTRE_TOPIC,
            "alternatives": [], "reply_to": row.id, "at": row.at,
        }
        for row in asked
        for place in range(3)
    ]  # fmt: skip
    if pins:
        await session.execute(insert(Message), pins)


async def _every(session: AsyncSession, nth: int) -> Sequence[Thread]:
    return (await session.scalars(select(Thread).where(Thread.id % nth == 0).order_by(Thread.id))).all()


async def _handovers(session: AsyncSession) -> None:
    """One chat in 33 asked for a person; forty wait or are in hand now."""
    for place, thread in enumerate(await _every(session, 33)):
        state = "waiting" if place < 25 else "open" if place < 40 else "closed"
        asked = now() - timedelta(minutes=place) if place < 40 else thread.last_at
        taken = None if state == "waiting" else asked + timedelta(minutes=20)
        session.add(
            Handover(
                chat=thread.chat, state=state, urgent=place % 8 == 0, topic=thread.topic, about="Saya mau tanya petugas",
                asked_at=asked, taken_at=taken, closed_at=taken if state == "closed" else None, last_person_at=asked,
                staff=None if state == "waiting" else 1, staff_name=NAME, outcome="solved" if state == "closed" else None,
            )
        )  # fmt: skip
        if state == "waiting":
            thread.done, thread.urgency = False, thread.urgency | REASONS["waiting"]


async def _corrections(session: AsyncSession) -> None:
    """One chat in 50 agreed to be learnt from, and a message of each was corrected; a candidate waits for a decision."""
    heads = {thread.head: thread.chat for thread in await _every(session, 50) if thread.head}
    await session.execute(update(Chat).where(Chat.id.in_(heads.values())).values(consent=True))
    states = {0: "waiting", 1: "refused", 2: "queued", 3: "queued", 4: "queued"}
    for place, (head, chat) in enumerate(heads.items()):
        # what was taught stays, what waits is worked off
        state = states.get(place % 5, "learned") if place < 200 else "learned"
        session.add(
            Correction(
                chat=chat, message=head, kind="topic", text=f"saya mau tanya nomor {place}", topic="documents/passport",
                before="documents/ktp", emergency=state == "waiting", state=state, staff="orang.lain",
                refusal=Refusal("near", "saya mau tanya", "documents/passport").to_dict() if state == "refused" else None,
            )
        )  # fmt: skip
    moves = [
        {"source": "message", "id": head, "before": "money/wages", "after": "documents/passport"}
        for head in heads
    ]
    slices = [{"kind": "all", "name": "questions", "count": 500, "before": 450, "after": 455}]
    report = {"slices": slices, "changes": [], "moves": moves[:300], "worse": []}
    session.add(Candidate(state="ready", model="calon.tar.gz", report=report, staff=NAME))
    for week in range(1, 5):
        session.add(
            Candidate(
                state="accepted",
                model=f"m{week}.tar.gz",
                staff=NAME,
                accepted_at=now() - timedelta(weeks=week),
            )
        )


async def _audit(session: AsyncSession) -> None:
    """A look for each five messages; hardly any by the one who asks."""
    chats = list(await session.scalars(select(Thread.chat).order_by(Thread.id)))
    moment = now()
    rows = [
        {
            "at": moment - timedelta(minutes=len(chats) - place), "action": "view", "kind": "chat", "name": chat, "detail": {},
            "staff": NAME if place % 20_000 == 7 else f"petugas.{place % OTHERS}",
        }
        for place, chat in enumerate(chats * (PER_CHAT // 5))
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        await session.execute(insert(Audit), rows[start : start + BATCH])


async def _agencies(session: AsyncSession) -> None:
    for number in range(600):
        session.add(
            Agency(
                name=f"PT Contoh {number}", licence=f"SIP {number}", status="active", city=f"Kota {number % 40}",
                as_of="2026-11-01", source_title="ukur", source_publisher="ukur", source_url="",
            )
        )  # fmt: skip


async def _drafts(session: AsyncSession) -> None:
    for number, answer in enumerate(itertools.islice(read_answers().values(), 20)):
        await drafts.save(session, replace(answer, text=f"{answer.text} {number}"), NAME, base=0)


async def _purges(session: AsyncSession) -> None:
    for night in range(60):
        at = now() - timedelta(days=night)
        session.add(Purge(at=at, before=at - timedelta(days=180), messages=5_000, chats=200, events=0))


async def _notes(session: AsyncSession) -> None:
    for thread in await _every(session, 77):
        session.add(ThreadNote(thread=thread.id, staff=NAME, text="Sudah ditelepon, besok lagi."))


async def _scans(session: AsyncSession) -> None:
    days = [now().date() - timedelta(days=day) for day in range(DAYS)]
    rows = [{"day": day, "link": f"c-{link}", "scans": 1 + link % 7} for day in days for link in range(200)]
    await session.execute(insert(LinkScan), rows)


_FURTHER: dict[type[Base], Callable[[AsyncSession], Awaitable[None]]] = {
    Score: _scores,
    Handover: _handovers,
    Correction: _corrections,
    Audit: _audit,
    Agency: _agencies,
    AnswerDraft: _drafts,
    Purge: _purges,
    ThreadNote: _notes,
    LinkScan: _scans,
}
"""What fills a table that is empty."""
