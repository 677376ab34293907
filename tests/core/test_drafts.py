"""Drafts of answers: versions, conflicts, and when they are drafts no longer."""

from dataclasses import replace

import pytest

from core import drafts
from core.answers import read_answers
from core.drafts import DraftChangedError
from core.storage import Database

ANSWERS = read_answers()
FILED = ANSWERS["documents/passport"]
NEW = replace(FILED, text="Teks baru.", checked="2026-11-24")


async def test_the_newest_version_counts_until_it_stands_in_the_files(database: Database) -> None:
    async with database.begin() as session:
        first = await drafts.save(session, replace(NEW, text="Lama."), "ani", base=0)
        await drafts.save(session, NEW, "budi", base=first.id)
    async with database.read() as session:
        versions = await drafts.history(session, FILED.topic)
        assert [(row.staff, row.text) for row in versions] == [("budi", "Teks baru."), ("ani", "Lama.")]
        assert drafts.answer_of(versions[0]) == NEW
        assert await drafts.pending(session, ANSWERS) == {FILED.topic: NEW}
        assert await drafts.pending(session, {**ANSWERS, FILED.topic: NEW}) == {}


async def test_a_withdrawn_draft_is_none(database: Database) -> None:
    async with database.begin() as session:
        first = await drafts.save(session, NEW, "ani", base=0)
        await drafts.save(session, FILED, "ani", base=first.id, withdrawn=True)
        assert await drafts.pending(session, ANSWERS) == {}


async def test_two_editors_do_not_overwrite_each_other(database: Database) -> None:
    async with database.begin() as session:
        await drafts.save(session, NEW, "ani", base=0)
    with pytest.raises(DraftChangedError):
        async with database.begin() as session:
            await drafts.save(session, replace(NEW, text="Lain."), "budi", base=0)


@pytest.mark.parametrize("topic", sorted(t for t, a in ANSWERS.items() if a.by_country or a.numbers_first))
async def test_a_draft_keeps_what_the_answer_says_by_country(database: Database, topic: str) -> None:
    new = replace(ANSWERS[topic], text="Teks baru.")
    async with database.begin() as session:
        draft = await drafts.save(session, new, "ani", base=0)
    async with database.read() as session:
        assert drafts.answer_of(await session.get_one(type(draft), draft.id)) == new
