"""Corrections: consent, the second person, refusals, what withdrawal takes away."""

import pytest
from sqlalchemy import select

from core.learning import candidates, corrections
from core.learning.corrections import CorrectionError, Part
from core.storage import Database
from core.storage.learning import Candidate, Correction
from core.storage.models import Chat, Message
from tests.core.learning.people import say, withdraw

LOST = "dompet isi paspor jatuh di kapal laut kemarin sore"


async def _propose(database: Database, message: int, *parts: Part, staff: str = "ani") -> list[Correction]:
    async with database.begin() as session:
        return await corrections.propose(session, message, parts, staff)


async def _states(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        rows = await session.scalars(select(Correction).order_by(Correction.id))
        return [(row.topic, row.state) for row in rows]


async def test_a_corrected_message_waits_in_the_queue(database: Database) -> None:
    message = await say(database, LOST)
    (made,) = await _propose(database, message, Part(LOST, "documents/lost_passport"))
    assert (made.state, made.before, made.emergency) == ("queued", "documents/work_visa", False)
    async with database.read() as session:
        assert [row.text for row in await corrections.listed(session, "queued")] == [LOST]


async def test_a_new_correction_takes_the_place_of_the_last(database: Database) -> None:
    message = await say(database, LOST)
    await _propose(database, message, Part(LOST, "documents/work_visa"))
    await _propose(database, message, Part(LOST, "documents/lost_passport"))
    assert await _states(database) == [("documents/lost_passport", "queued")]


async def test_two_questions_become_two_sentences(database: Database) -> None:
    message = await say(database, f"{LOST} terus biaya bikin yang baru berapa kira kira total")
    await _propose(database, message, Part(LOST, "documents/lost_passport"),
                   Part("biaya bikin yang baru berapa kira kira total", "documents/passport_cost"))  # fmt: skip
    assert [topic for topic, _state in await _states(database)] == [
        "documents/lost_passport",
        "documents/passport_cost",
    ]


@pytest.mark.parametrize("consent", [None, False])
async def test_without_consent_nothing_is_taught(database: Database, consent: bool | None) -> None:
    message = await say(database, LOST, consent=consent)
    with pytest.raises(CorrectionError, match="not_permitted"):
        await _propose(database, message, Part(LOST, "documents/lost_passport"))
    with pytest.raises(CorrectionError, match="not_permitted"):
        async with database.begin() as session:
            await corrections.name_entity(session, message, "place", "kapal laut", "32", "ani")
    assert await _states(database) == []


async def test_only_topics_that_exist(database: Database) -> None:
    message = await say(database, LOST)
    with pytest.raises(CorrectionError, match="unknown_topic"):
        await _propose(database, message, Part(LOST, "documents/moon"))


@pytest.mark.parametrize(
    ("before", "danger", "topic"),
    [
        ("documents/work_visa", None, "help/abuse"),
        ("help/confined", None, "documents/work_visa"),
        ("documents/work_visa", "help/abuse", "documents/lost_passport"),
    ],
)
async def test_emergencies_need_two_people(
    database: Database, before: str, danger: str | None, topic: str
) -> None:
    message = await say(database, LOST, topic=before, danger=danger)
    (made,) = await _propose(database, message, Part(LOST, topic))
    assert (made.state, made.emergency) == ("waiting", True)
    with pytest.raises(CorrectionError, match="same_person"):
        async with database.begin() as session:
            await corrections.confirm(session, made.id, "ani")
    async with database.begin() as session:
        confirmed = await corrections.confirm(session, made.id, "budi")
    assert (confirmed.state, confirmed.confirmed_by) == ("queued", "budi")
    with pytest.raises(CorrectionError, match="not_waiting"):
        async with database.begin() as session:
            await corrections.confirm(session, made.id, "cici")


async def test_a_near_copy_of_what_waits_is_refused_with_the_reason(database: Database) -> None:
    first, second = await say(database, LOST), await say(database, f"{LOST} kak", chat="b" * 24)
    await _propose(database, first, Part(LOST, "documents/lost_passport"))
    (made,) = await _propose(database, second, Part(f"{LOST} kak", "documents/lost_passport"))
    assert made.state == "refused"
    assert made.refusal == {"reason": "near", "near": LOST, "topic": "documents/lost_passport"}


async def test_an_entity_is_named_by_words_of_the_message(database: Database) -> None:
    message = await say(database, "saya dari Kampung Dukuh mau ke korea")
    async with database.begin() as session:
        made = await corrections.name_entity(session, message, "place", "kampung  Dukuh", "32.12", "ani")
    assert (made.kind, made.text, made.value) == ("entity", "kampung dukuh", "32.12")
    with pytest.raises(CorrectionError, match="unknown_place"):
        async with database.begin() as session:
            await corrections.name_entity(session, message, "place", "kota lain", "32.12", "ani")


async def test_withdrawal_takes_the_sentences_away(database: Database) -> None:
    message = await say(database, LOST)
    other = await say(database, "ijazah ketinggalan di rumah mertua jadi belum kumpul", chat="b" * 24)
    (mine,) = await _propose(database, message, Part(LOST, "documents/lost_passport"))
    await _propose(
        database, other, Part("ijazah ketinggalan di rumah mertua jadi belum kumpul", "documents/checklist")
    )
    async with database.begin() as session:
        session.add(Candidate(staff="ani", state="ready", corrections=[mine.id], model="m"))
    await withdraw(database)
    async with database.read() as session:
        assert len(await corrections.listed(session, "queued")) == 1
    async with database.begin() as session:
        assert await corrections.purge(session) == 1
        assert (await session.scalars(select(Candidate.state))).one() == "dropped"
    assert await _states(database) == [("documents/checklist", "queued")]


async def test_what_is_kept_outlives_the_message_but_not_the_chat(database: Database) -> None:
    message = await say(database, LOST)
    await _propose(database, message, Part(LOST, "documents/lost_passport"))
    async with database.begin() as session:
        await session.delete(await session.get_one(Message, message))
    assert await _states(database) == [("documents/lost_passport", "queued")]
    async with database.begin() as session:
        await session.delete(await session.get_one(Chat, "a" * 24))
    assert await _states(database) == []


async def test_one_candidate_at_a_time(database: Database) -> None:
    async with database.begin() as session:
        first = await candidates.begin(session, "ani")
        assert first is not None
        assert await candidates.begin(session, "budi") is None
        first.beat_at -= candidates.SILENCE * 2
        await session.flush()
        second = await candidates.begin(session, "budi")
        assert second is not None
    async with database.read() as session:
        states = (await session.scalars(select(Candidate.state).order_by(Candidate.id))).all()
    assert states == ["failed", "running"]
