"""Demo: ninety days of invented conversations, the same for the same seed, in a database that has no real ones."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import demo_people
from core.catalogue import load_centres
from core.demo_chats import CHANNEL, DAYS, Maker, read_sentences
from core.keys import Keys
from core.links import Link
from core.storage import Database, models
from core.storage.handovers import LinkScan
from core.storage.quality import Counted, Score
from core.topics import topics

FACT = "demo"
"""The fact that marks a database of invented conversations; its value is the seed."""
_SCORES = (0.842, 0.861, 0.858, 0.879, 0.893, 0.904)
"""Invented held-out scores, one every two weeks."""


_POSTERS = 4
_LINKED = ("documents/passport", "migration/check_agency", "help/hotline")


class DemoError(ValueError):
    """The database is not one for invented conversations; the message says why."""


async def is_demo(session: AsyncSession) -> bool:
    """Whether this database is marked as one of invented conversations."""
    return await session.get(models.Fact, FACT) is not None


async def remove(database: Database) -> int:
    """Delete all invented conversations and the mark; returns how many chats those were."""
    async with database.begin() as session:
        chats = await session.scalar(select(func.count()).where(models.Chat.channel == CHANNEL)) or 0
        await session.execute(delete(models.Chat).where(models.Chat.channel == CHANNEL))
        if await is_demo(session):
            # nothing else of them tells that they are invented
            await session.execute(delete(LinkScan))
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
    maker = Maker(read_sentences(), keys, until, seed)
    maker.centres = sorted(await load_centres(database), key=lambda centre: centre.area_code)
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
        session.add_all(_scores(maker.until))
        await session.execute(delete(Counted))
        count = 0
        with session.no_autoflush:  # the maker flushes by itself; before every query takes twice as long
            for number in range(chats):
                count += await maker.write(session, number)
                progress(number + 1)
        dice = random.Random(seed)  # noqa: S311 (nothing secret)
        count += await demo_people.talk(session, maker, dice, maker.until)
        await demo_people.correct(session, maker, maker.until)
        session.add_all(_scans(maker, dice))
        return count


def _scores(until: datetime) -> list[Score]:
    """Invented results of `desmi evaluate`."""
    last = len(_SCORES) - 1
    return [
        Score(
            at=until - timedelta(days=14 * (last - place)),
            model=CHANNEL,
            sentences=500,
            accuracy=score,
            macro_f1=score - 0.02,
            danger_recall=0.97,
            rejected=score - 0.05,
        )
        for place, score in enumerate(_SCORES)
    ]


def _scans(maker: Maker, dice: random.Random) -> list[LinkScan]:
    """Invented openings of printed links: those of the first centres, and of some topics."""
    links = [Link("centre", centre.area_code) for centre in maker.centres[:_POSTERS]]
    links += [Link("topic", topic) for topic in _LINKED if topic in topics()]
    return [
        LinkScan(
            day=(maker.until - timedelta(days=day)).date(),
            link=link.payload,
            scans=dice.randint(1, 9 - place),
        )
        for place, link in enumerate(links)
        for day in range(DAYS)
        if dice.random() < 0.4 / (1 + place) ** 2
    ]
