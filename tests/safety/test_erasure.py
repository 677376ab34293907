"""After deleting, nothing of a person is left: in no table, in no file, in no log, and not in Rasa's tracker."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from core import handover, outgoing
from core.replies import Reply
from core.storage import Database, models
from core.storage.models import Base
from core.storage.staff import Audit, Staff
from core.storage.types import now
from core.tasks.registry import GUIDED
from tests.conversations.stage import Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.rasa

SWEPT_S = 30.0
WORDS = ("keponakan saya di Tulungagung", "majikan menahan upah saya sejak Lebaran", "dipukuli majikan")


@pytest.fixture(name="stage")
async def stage_of_their_own(stage: Stage) -> Stage:
    """The bot with a person whom no other test knows: the servers' files are those of the whole session."""
    for number in range(20):
        stage.double.user(f"lain-{number}")
    return replace(stage, user=stage.double.user("dihapus"))


async def _lives(stage: Stage) -> str:
    """A conversation that touches everything; returns the pseudonym."""
    user = stage.user
    async with stage.database.begin() as session:
        session.add(Staff(name="ani", role="reviewer", password="x"))
    await user.says("/start t-documents_passport")
    await user.next_message()
    await user.says(f"bikin paspor untuk {WORDS[0]} bagaimana?")
    while "Membantu? 👍" not in (answer := await user.next_message()).labels:
        continue
    await user.taps("Membantu? 👍", on=answer)
    while "Ya, boleh" not in (asked := await user.next_message()).labels:
        continue
    await user.taps("Ya, boleh", on=asked)
    await user.next_edit()
    for name in sorted(GUIDED):
        await user.says(f"/start t-task_{name}")
        await user.next_message()
        await user.says(f"{WORDS[1]}, {name}")
        await user.next_message()
        await user.says("/batal")
        while "dihentikan" not in (await user.next_message()).text:
            continue
    await user.says("/kantor")
    await user.next_message()
    await user.shares_location(-8.0657, 111.9026)
    while "venue" not in (await user.next_message()).content:
        continue
    await user.says(f"tolong saya {WORDS[2]} sekarang")
    while "Hubungi sekarang" not in (await user.next_message()).text:
        continue
    await user.says("/petugas")
    while "antrean" not in (await user.next_message()).text:
        continue
    async with stage.database.begin() as session:
        found = (await handover.queue(session))[0]
        await handover.reply(session, found.id, await handover.officer(session, "ani"), "Kami bantu", now())
        session.add(Audit(staff="ani", action="view", kind="chat", name=found.chat, detail={"of": WORDS[1]}))
        chat = await session.get_one(models.Chat, found.chat)
        await outgoing.say(session, chat, Reply("pengingat"), "notice")
    while (await user.next_message()).text != "pengingat":
        continue
    return chat.id


async def _tables(database: Database) -> dict[str, str]:
    """All that can be read in each table: as it is stored, and decrypted."""
    shown: dict[str, str] = {}
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for name in names:
            rows = (await connection.execute(text(f'SELECT * FROM "{name}"'))).all()
            shown[name] = repr([tuple(row) for row in rows])
        for table in Base.metadata.sorted_tables:
            shown[table.name] += repr([tuple(row) for row in await connection.execute(select(table))])
    return shown


def _files(stage: Stage) -> dict[str, bytes]:
    """Every file of Desmi by name: databases, their logs, what the servers wrote."""
    files = [path for folder in _folders(stage) for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): path.read_bytes() for path in files}


def _folders(stage: Stage) -> list[Path]:
    database = stage.database.engine.url
    own = (
        [Path(database.database).parent]
        if database.drivername.startswith("sqlite") and database.database
        else []
    )
    return [*own, stage.running.settings.data_dir]


async def _gone(stage: Stage) -> None:
    async with asyncio.timeout(30):
        while True:
            async with stage.database.begin() as session:
                if not (await session.scalars(select(models.Chat))).all():
                    return
            await asyncio.sleep(0.05)


async def _is_clean(stage: Stage, chat: str) -> None:
    needles = [chat, str(stage.user.id), *WORDS]
    for name, shown in (await _tables(stage.database)).items():
        assert [needle for needle in needles if needle in shown] == [], name
    # SQLite's file is rebuilt just after the rows are gone
    until = time.monotonic() + SWEPT_S
    while left := [
        (name, needle) for name, raw in _files(stage).items() for needle in needles if needle.encode() in raw
    ]:
        assert time.monotonic() < until, left
        await asyncio.sleep(0.05)


async def test_after_deleting_nothing_is_left(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    chat = await _lives(stage)
    found = [name for name, raw in _files(stage).items() if chat.encode() in raw]
    assert found, "what is looked for can be found before"
    await stage.user.says("/hapus")
    while "Ya, hapus semua" not in (question := await stage.user.next_message()).labels:
        continue
    await stage.user.taps("Ya, hapus semua", on=question)
    await stage.user.next_edit()
    await _gone(stage)
    await _is_clean(stage, chat)
    assert chat not in caplog.text
    async with stage.database.begin() as session:
        assert [row.name for row in await session.scalars(select(Audit))] == ["erased"]
    assert len(stage.user.messages) == 1, "only the last word stands on the phone"


async def test_the_quick_exit_empties_the_chat_at_once(stage: Stage) -> None:
    chat = await _lives(stage)
    await stage.user.taps("🚪 Hapus percakapan ini")
    while "sudah dihapus" not in (await stage.user.next_message()).text:
        continue
    assert len(stage.user.messages) == 1, "nothing of the talk was visible when the last word came"
    await _gone(stage)
    await _is_clean(stage, chat)
