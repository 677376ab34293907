"""Invented conversations: the same for the same seed, kept apart from real ones, no copies of other data."""

import csv
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core import demo, demo_chats, plain_yaml
from core.gazetteer import read_areas
from core.keys import Keys
from core.settings import ROOT
from core.storage import Database
from core.storage.handovers import Handover, LinkScan
from core.storage.learning import Correction
from core.storage.models import Chat, Fact, Message
from core.topics import EMERGENCIES, topics
from tests.conftest import SECRET

UNTIL = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
KEYS = Keys.from_secret(SECRET)


async def fill(database: Database, *, chats: int = 15, seed: int = 1) -> int:
    return await demo.fill(database, KEYS, UNTIL, chats=chats, seed=seed)


async def rows(database: Database) -> list[Any]:
    async with database.read() as session:
        found = await session.execute(
            select(Message.chat, Message.text, Message.topic, Message.at, Message.feedback).order_by(
                Message.id
            )
        )
        return [tuple(row) for row in found]


async def test_the_same_seed_gives_the_same_conversations(database: Database) -> None:
    count = await fill(database)
    first = await rows(database)
    assert len(first) == count > 40
    assert await demo.remove(database) == 15
    assert await rows(database) == []
    await fill(database)
    assert await rows(database) == first
    await demo.remove(database)
    await fill(database, seed=2)
    assert await rows(database) != first


async def test_conversations_are_marked_and_lie_in_the_ninety_days(database: Database) -> None:
    await fill(database)
    async with database.read() as session:
        assert await demo.is_demo(session)
        assert (await session.scalars(select(Chat.channel).distinct())).all() == [demo_chats.CHANNEL]
        first, last = (await session.execute(select(func.min(Message.at), func.max(Message.at)))).one()
        said = (await session.scalars(select(Message).where(Message.kind == "text"))).all()
    assert UNTIL - timedelta(days=demo_chats.DAYS + 1) < first < last < UNTIL
    assert {message.topic for message in said} <= set(topics())
    assert all(1 > entry["confidence"] > 0 for message in said for entry in message.alternatives)


async def test_real_conversations_stay_alone(database: Database) -> None:
    async with database.begin() as session:
        session.add(Chat(id="a" * 24, address="7"))
    with pytest.raises(demo.DemoError, match="real conversations"):
        await fill(database)
    async with database.read() as session:
        assert await session.get(Fact, demo.FACT) is None
        assert await session.scalar(select(func.count()).select_from(Chat)) == 1


async def test_it_is_filled_once(database: Database) -> None:
    await fill(database, chats=2)
    with pytest.raises(demo.DemoError, match="already"):
        await fill(database, chats=2)


def test_the_sentences_are_nobodys_and_no_copies() -> None:
    def plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.lower()))

    taken: set[str] = set()
    for path in (ROOT / "tests" / "heldout").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            taken |= {plain(row["text"]) for row in csv.DictReader(lines) if "text" in row}
    for path in (ROOT / "nlu").glob("*.yml"):
        for entry in plain_yaml.load(path.read_text("utf-8")).get("nlu", []):
            examples = str(entry.get("examples", "")).splitlines()
            taken |= {plain(re.sub(r"\[([^\]]*)\][({][^)}]*[)}]", r"\1", line)) for line in examples}
    sentences = demo_chats.read_sentences()
    invented = [plain(text) for text in sentences.all() if len(text.split()) > 3]
    assert len(invented) > 150
    assert set(invented) & taken == set()
    assert len(set(invented)) == len(invented)
    assert not [text for text in sentences.all() if re.search(r"\d{5}|@", text)]


def test_topics_and_places_exist() -> None:
    sentences = demo_chats.read_sentences()
    assert set(sentences.questions) <= set(topics())
    assert set(sentences.dangers) == EMERGENCIES
    codes = {area.code for area in read_areas(ROOT / "content" / "geography") if area.level == "regency"}
    assert {regency.code for regency in sentences.regencies} <= codes


async def test_every_screen_has_something_to_show(database: Database) -> None:
    await fill(database, chats=60)
    async with database.read() as session:
        talks = (await session.scalars(select(Handover))).all()
        states = {talk.state for talk in talks}
        assert states == {"waiting", "open", "closed"}
        assert any(talk.urgent for talk in talks if talk.state == "waiting")
        assert {correction.state for correction in await session.scalars(select(Correction))} == {
            "queued", "waiting", "refused",
        }  # fmt: skip
        shown = [row for row in await session.scalars(select(Message.shown)) if row]
        assert any("buttons" in parts for parts in shown)
        assert any("sources" in parts for parts in shown)
        assert await session.scalar(select(func.sum(LinkScan.scans))) or 0 > 20
        texts = (await session.scalars(select(Message.text))).all()
        assert not [text for text in texts if "[[" in text]
    await demo.remove(database)
    async with database.read() as session:
        for table in (Handover, Correction, LinkScan, Message):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
