"""Consent: when it is asked, what may be used, and that taking it back reaches that at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core import consent
from core.languages import translator
from core.outcomes import ChatState, Outcome, Understanding
from core.replies import Reply
from core.storage import Database, models
from core.storage.types import now
from core.tasks.task import TaskState
from core.turns import Turn

T = translator("id")
CHAT = ChatState("chat-1")
ANSWER = Outcome(CHAT, (Reply("isi", checked="2026-11-23"),), Understanding("documents/passport", 0.9))
THANKS = Outcome(CHAT, feedback=(1, 1), kind="notice")
TEXT = Turn("text", "apa")


def asked(outcome: Outcome, standing: consent.Standing, turn: Turn = TEXT) -> bool:
    after = consent.follow(turn, standing, outcome, T)
    new = after.replies[len(outcome.replies) :]
    assert bool(new) == (consent.ConsentAsked() in after.effects)
    return bool(new)


def test_after_thanks_or_the_third_answer() -> None:
    assert asked(THANKS, "new")
    assert asked(ANSWER, "ready")
    assert not asked(ANSWER, "new")
    assert not asked(ANSWER, "settled")
    assert not asked(THANKS, "settled")


@pytest.mark.parametrize(
    "outcome",
    [
        replace(ANSWER, danger="help/abuse"),
        replace(ANSWER, understood=Understanding("help/complaint", 0.9)),
        replace(ANSWER, understood=Understanding("documents/passport", 0.2, sure=False)),
        replace(ANSWER, replies=(Reply("menu"),)),
        replace(ANSWER, kind="menu"),
        replace(ANSWER, erase=True),
        replace(ANSWER, chat=replace(CHAT, task=TaskState("report", "x"))),
        replace(THANKS, feedback=(1, -1)),
    ],
)
def test_never_before_help_in_a_task_or_in_trouble(outcome: Outcome) -> None:
    assert not asked(outcome, "ready")
    assert not asked(THANKS, "ready", Turn("text", "x", danger="help/abuse"))


async def test_standing_and_what_may_be_used(database: Database) -> None:
    async with database.begin() as session:
        session.add_all(models.Chat(id=name, address="1") for name in ("ya", "tidak", "diam", "bahaya"))
        await session.flush()
        for name in ("ya", "tidak", "diam"):
            session.add(
                models.Message(chat=name, direction="in", kind="text", text=f"dari {name}", topic="x/y")
            )
            session.add(models.Message(chat=name, direction="in", kind="text", text="kepada petugas"))
            session.add(models.Message(chat=name, direction="out", kind="answer", text="isi", topic="x/y"))
        (await session.get_one(models.Chat, "bahaya")).danger_at = now()
    async with database.begin() as session:
        chat = await session.get_one(models.Chat, "diam")
        assert await consent.standing(session, chat) == "new"
        session.add(models.Message(chat="diam", direction="out", kind="answer", text="isi"))
        await session.flush()
        assert await consent.standing(session, chat) == "ready"
        await consent.ConsentAsked().apply(session, "diam", now())
        assert await consent.standing(session, chat) == "settled"
        assert await consent.standing(session, await session.get_one(models.Chat, "bahaya")) == "settled"
        await consent.SetConsent(True).apply(session, "ya", now())
        await consent.SetConsent(False).apply(session, "tidak", now())
    assert await usable(database) == ["dari ya"]
    async with database.begin() as session:
        await consent.SetConsent(False).apply(session, "ya", now())
    assert await usable(database) == []


async def usable(database: Database) -> list[str]:
    async with database.read() as session:
        return [message.text for message in await session.scalars(consent.consented())]


async def test_the_page_says_what_was_chosen_and_changes_it(database: Database) -> None:
    async with database.begin() as session:
        session.add(models.Chat(id=CHAT.id, address="1"))
    for value, word in (("show", "belum memberi izin"), ("yes", "mengizinkan"), ("no", "pilihan Anda sejak")):
        outcome = await consent.handle(database, CHAT, value, T)
        async with database.begin() as session:
            for effect in outcome.effects:
                await effect.apply(session, CHAT.id, now())
        page = await consent.handle(database, CHAT, "show", T)
        assert word in page.replies[0].text
    async with database.begin() as session:
        assert (await session.scalars(select(models.Chat.consent))).one() is False
