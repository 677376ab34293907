"""What the message log remembers of a talk: its last topics, and what people should review."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from core.context import FRESH
from core.outcomes import Alternative, ChatState, Outcome, Understanding
from core.replies import Reply
from core.review import UNHELPFUL, UNSURE, waiting
from core.storage import models
from core.storage.types import now
from core.topics import OUT_OF_SCOPE

MISSED = Understanding(OUT_OF_SCOPE, 0.2, sure=False, alternatives=(Alternative("health/where", 0.2),))


def knowing(seen):
    """A handler's outcome that writes down the chat it is given, and adds a topic."""

    def outcome(chat: ChatState, turn) -> Outcome:
        seen.append(chat)
        after = replace(chat, topics=("documents/passport", *chat.topics)[:3])
        return Outcome(
            after, (Reply("jawab", topic="documents/passport"),), Understanding("documents/passport", 0.9)
        )

    return outcome


async def test_topics_survive_a_restart_and_are_forgotten_in_time(start, double, handler, database, rows):
    seen: list[ChatState] = []
    handler.outcome = knowing(seen)
    running = await start()
    siti = double.user("siti")
    await siti.says("syarat paspor")
    await siti.next_message()
    await running.stop()
    await start()
    await siti.says("biayanya?")
    await siti.next_message()
    assert [chat.topics for chat in seen] == [(), ("documents/passport",)]
    async with database.begin() as session:
        await session.execute(update(models.Chat).values(topics_at=now() - FRESH - timedelta(seconds=1)))
    await siti.says("dimana?")
    await siti.next_message()
    assert seen[-1].topics == ()


async def test_a_miss_goes_to_the_review_list_with_its_alternatives(start, double, handler, database):
    await start()
    siti = double.user("siti")
    await siti.says("apa")
    await siti.next_message()
    assert await waiting(database) == []
    handler.outcome = lambda chat, turn: Outcome(chat, (Reply("maaf", topic=OUT_OF_SCOPE),), MISSED)
    await siti.says("hmm itu loh")
    await siti.next_message()
    (listed,) = await waiting(database)
    assert (listed.reason, listed.text) == (UNSURE, "hmm itu loh")
    assert listed.alternatives == [{"topic": "health/where", "confidence": 0.2}]


async def test_a_place_in_reply_to_a_question_is_no_miss(start, double, handler, database):
    handler.outcome = lambda chat, turn: Outcome(chat, (Reply("📍", topic="task/find_centre"),), MISSED)
    await start()
    siti = double.user("siti")
    await siti.says("sukorejo")
    await siti.next_message()
    assert await waiting(database) == []


async def test_a_thumbs_down_puts_the_question_on_the_list(start, double, database):
    await start()
    siti = double.user("siti")
    await siti.says("apa syaratnya")
    await siti.next_message()
    await siti.taps("👎")
    await siti.next_answer()
    (listed,) = await waiting(database)
    assert (listed.reason, listed.text, listed.topic) == (UNHELPFUL, "apa syaratnya", "documents/passport")


async def test_the_list_shows_the_newest_first_and_no_more_than_asked(start, double, handler, database):
    handler.outcome = lambda chat, turn: Outcome(chat, (Reply("maaf", topic=OUT_OF_SCOPE),), MISSED)
    await start()
    siti = double.user("siti")
    for text in ("satu", "dua", "tiga"):
        await siti.says(text)
        await siti.next_message()
    assert [listed.text for listed in await waiting(database, 2)] == ["tiga", "dua"]
