"""Messages that were not understood, grouped."""

from datetime import UTC, datetime

import numpy as np

from core.statistics import gaps
from core.statistics.counts import Period
from core.statistics.gaps import Said
from core.storage import Database
from core.storage.models import Chat, Message
from encoder.memory import Memory
from encoder.weights import Floats

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class ByWord:
    """An encoder that tells texts apart by one word."""

    def __init__(self) -> None:
        self.calls = 0

    def vector(self, text: str) -> Floats:
        self.calls += 1
        vector = np.full(384, 0.01, np.float32)
        vector[0 if "kapal" in text else 1] = 1
        return vector


def test_groups_are_named_by_their_common_words_and_nobodys_own() -> None:
    encoder = ByWord()
    said = [Said(f"{n}", f"mau kerja kapal pesiar [NAMA] sendiri{'abcdefg'[n]}") for n in range(6)]
    said += [Said(f"{n}", "jual motor bekas") for n in range(4)]
    said += [Said("1", "jual motor bekas")] * 9
    found = gaps.groups(said, Memory(encoder, 100))
    assert [gap.words for gap in found] == [("kapal", "pesiar")]
    assert (found[0].count.events, found[0].count.people) == (6, 6)
    assert encoder.calls == 7  # each text once
    assert gaps.groups(said[:4], Memory(encoder, 100)) == []


def test_the_real_encoder_keeps_subjects_apart() -> None:
    encode = gaps.vectors()
    assert encode is not None
    subjects = {
        "kapal": [
            "kerja di kapal pesiar lewat mana",
            "jadi abk kapal pesiar gimana",
            "kapal pesiar gaji berapa",
        ],
        "kue": ["resep kue lapis legit", "cara bikin kue bolu", "kue kering lebaran resepnya"],
    }
    said = [Said(f"{n}", text) for n in range(6) for texts in subjects.values() for text in texts]
    found = gaps.groups(said, encode)
    assert {"kue", "kapal"} <= {word for gap in found for word in gap.words}
    assert not [gap for gap in found if {"kue", "kapal"} <= set(gap.words)]


async def test_the_newest_that_were_not_understood(database: Database) -> None:
    async with database.begin() as session:
        session.add(Chat(id="a" * 24, address="1"))
        await session.flush()
        for text, missed in (("satu", True), ("dua", False)):
            session.add(Message(chat="a" * 24, direction="in", kind="text", text=text, missed=missed, at=NOW))
    async with database.read() as session:
        assert [said.text for said in await gaps.missed(session, Period.last(7, NOW))] == ["satu"]
