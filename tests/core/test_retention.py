"""Retention: what is old goes, what is not stays, and each purge is reported."""

import sqlite3
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy import update as change

from core.keys import Keys, load_keys
from core.retention import cutoff, erase, export, next_night, purge
from core.settings import Settings
from core.storage import Database
from core.storage.models import Chat, Message
from core.storage.review import MessageWord, Purge, Thread, ThreadNote
from tests.conftest import SettingsFactory
from tests.console.world import World, ago


def _settings(factory: SettingsFactory, database: Database, **more: object) -> tuple[Settings, Keys]:
    settings = factory(database_url=str(database.engine.url.render_as_string(hide_password=False)), **more)
    return settings, load_keys(settings)


async def test_old_messages_go_and_new_ones_stay(
    database: Database, settings_factory: SettingsFactory
) -> None:
    settings, keys = _settings(settings_factory, database, retention_days=30)
    world = World(database, keys)
    old, mixed = await world.chat(1), await world.chat(2)
    await world.answers(old, "jawaban", await world.says(old, "paspor lama", at=ago(days=40)))
    await world.says(mixed, "saya dipukul", "help/abuse", danger="help/abuse", at=ago(days=31))
    kept = await world.says(mixed, "gaji berapa", "money/salary", at=ago(days=29))
    async with database.begin() as session:
        await session.execute(change(Message).where(Message.direction == "out").values(at=ago(days=40)))
        await session.execute(change(Chat).where(Chat.id == old).values(seen_at=ago(days=40)))
        thread = (await session.scalars(select(Thread).where(Thread.chat == old))).one()
        session.add(ThreadNote(thread=thread.id, staff="ani", text="catatan"))
    report = await purge(database, settings)
    assert report is not None
    assert (report.messages, report.chats, report.events) == (3, 1, 0)
    async with database.read() as session:
        assert (await session.scalars(select(Chat.id))).all() == [mixed]
        assert (await session.scalars(select(Message.id))).all() == [kept]
        assert set((await session.scalars(select(MessageWord.message))).all()) == {kept}
        thread = (await session.scalars(select(Thread))).one()
        assert (thread.head, thread.topic) == (kept, "money/salary")
        assert not (await session.scalars(select(ThreadNote.id))).all()
        assert (await session.scalars(select(Purge.messages))).all() == [3]
    again = await purge(database, settings)
    assert again is not None
    assert (again.messages, again.chats) == (0, 0)


async def test_nothing_goes_where_everything_is_kept(
    database: Database, settings_factory: SettingsFactory
) -> None:
    settings, keys = _settings(settings_factory, database, retention_days=0)
    world = World(database, keys)
    await world.says(await world.chat(1), "paspor", at=ago(days=4000))
    assert await purge(database, settings) is None
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Message)) == 1


async def test_the_engines_own_record_goes_too(settings_factory: SettingsFactory, database: Database) -> None:
    settings = settings_factory(retention_days=30)  # its tracker store is a SQLite file
    path = settings.tracker_database().database
    assert path is not None
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp REAL)")
        for sender, days in (("a", 40), ("a", 1), ("b", 31), ("b", 2)):
            connection.execute(
                "INSERT INTO events (sender_id, timestamp) VALUES (?, ?)",
                (sender, ago(days=days).timestamp()),
            )
    report = await purge(database, settings)
    assert report is not None
    assert report.events == 2
    async with database.begin() as session:
        session.add(Chat(id="a", address="1"))
    await erase(database, settings, "a", "ani")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT sender_id FROM events").fetchall() == [("b",)]
    connection.close()


async def test_export_holds_everything_of_one_chat_alone(
    database: Database, settings_factory: SettingsFactory
) -> None:
    keys = _settings(settings_factory, database)[1]
    world = World(database, keys)
    mine, other = await world.chat(628123456), await world.chat(2)
    await world.says(mine, "paspor saya")
    await world.says(other, "rahasia orang lain")
    found = await export(database, mine)
    assert [row["text"] for row in found["messages"]] == ["paspor saya"]
    assert found["chats"][0]["id"] == mine
    assert found["threads"][0]["messages"] == 1
    assert "628123456" not in str(found)
    assert "rahasia" not in str(found)


def test_the_next_night_lies_ahead() -> None:
    moment = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)  # 02:00 in Jakarta
    assert next_night(moment) == datetime(2026, 11, 25, 19, 30, tzinfo=UTC)
    assert next_night(moment + timedelta(hours=1)) == datetime(2026, 11, 26, 19, 30, tzinfo=UTC)


def test_the_setting_sets_the_limit(settings_factory: SettingsFactory) -> None:
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    assert cutoff(settings_factory(retention_days=10), moment) == moment - timedelta(days=10)
    assert cutoff(settings_factory(retention_days=0), moment) is None
    assert settings_factory().retention_days == 180
