"""Storage: migrations, encryption at rest, times, keys, and settings."""

import random
import re
import stat
import string
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, delete, insert, inspect, make_url, select, text
from sqlalchemy.exc import StatementError

from core.keys import KeyMismatchError, Keys, load_keys
from core.settings import ROOT, Settings
from core.storage import Database, open_database, sweep_file
from core.storage.migrate import is_current, upgrade
from core.storage.models import Base, Chat, Message, Outgoing, Update
from core.storage.types import use_keys
from tests.conftest import SECRET, SettingsFactory, python, sqlite_file

WIB = timezone(timedelta(hours=7))
SAID = "majikan menahan paspor saya di Taipei"
ADDRESS = "7000000001"


async def _fill(database: Database) -> str:
    """A chat with one row of each table that holds what people wrote."""
    keys = Keys.from_secret(SECRET)
    chat = keys.pseudonym("telegram", ADDRESS)
    async with database.begin() as session:
        session.add(Chat(id=chat, address=ADDRESS))
        await session.flush()
        session.add(Update(bot=1, update_id=1, chat=chat, turn={"text": SAID}))
        session.add(Message(chat=chat, direction="in", kind="text", text=SAID))
        session.add(Outgoing(chat=chat, call={"method": "sendMessage", "chat_id": ADDRESS, "text": SAID}))
    return chat


# migrations


async def test_migrations_make_what_the_models_say(database: Database) -> None:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(compare) == []


async def test_upgrade_twice_is_upgrade_once(empty_database: Database) -> None:
    assert not await is_current(empty_database.engine)
    await upgrade(empty_database.engine)
    assert await is_current(empty_database.engine)
    await _fill(empty_database)
    await upgrade(empty_database.engine)
    async with empty_database.begin() as session:
        assert len((await session.scalars(select(Chat))).all()) == 1


async def test_everything_of_a_chat_goes_with_the_chat(database: Database) -> None:
    chat = await _fill(database)
    async with database.begin() as session:
        await session.delete(await session.get_one(Chat, chat))
    async with database.begin() as session:
        for table in (Update, Message, Outgoing):
            assert (await session.scalars(select(table))).all() == []


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_nothing_of_the_erased_is_left_in_the_files(tmp_path: Path) -> None:
    """Interleaved rows of many chats, so that SQLite rearranges its pages."""
    chance = random.Random(7)
    chats = ["".join(chance.choices(string.ascii_lowercase, k=24)) for _ in range(60)]
    database = open_database(make_url(f"sqlite+aiosqlite:///{tmp_path / 'own.db'}"), Keys.from_secret(SECRET))
    try:
        await upgrade(database.engine)
        async with database.begin() as session:
            session.add_all(Chat(id=chat, address=ADDRESS) for chat in chats)
        for _ in range(20):
            async with database.begin() as session:
                for chat in chance.choices(chats, k=50):
                    said = "x" * chance.randint(1, 900)
                    session.add(Message(chat=chat, direction="in", kind="text", text=said))
        async with database.begin() as session:
            await session.execute(delete(Chat).where(Chat.id.in_(chats[:40])))
        await database.sweep()
        raw = _bytes(tmp_path)  # while open: closing empties the log by itself
    finally:
        await database.close()
    assert [chat for chat in chats[:40] if chat.encode() in raw] == []
    assert all(chat.encode() in raw for chat in chats[40:])


async def test_a_file_in_use_is_swept_the_next_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "no.db").mkdir()
    await sweep_file(tmp_path / "no.db")
    assert "no.db could not be swept" in caplog.text


def test_two_open_a_new_file_at_once(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from sqlalchemy import make_url; from core.keys import Keys\n"
        "from core.storage import open_database; from core.storage.migrate import upgrade\n"
        "database = open_database(make_url(sys.argv[1]), Keys.from_secret('x' * 32))\n"
        "async def main():\n    await upgrade(database.engine)\n    await database.close()\n"
        "asyncio.run(main())"
    )
    url = f"sqlite+aiosqlite:///{tmp_path / 'own.db'}"
    several = [subprocess.Popen(python("-c", code, url), stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=120)[1] for process in several]
    assert [process.returncode for process in several] == [0] * len(several), said


async def test_the_same_update_cannot_be_stored_twice(database: Database) -> None:
    chat = await _fill(database)
    with pytest.raises(StatementError):
        async with database.begin() as session:
            await session.execute(insert(Update).values(bot=1, update_id=1, chat=chat, turn={}))


async def test_an_error_rolls_the_whole_block_back(database: Database) -> None:
    async def break_off() -> None:
        async with database.begin() as session:
            session.add(Chat(id="a" * 24, address=ADDRESS))
            await session.flush()
            raise RuntimeError("putus")

    with pytest.raises(RuntimeError, match="putus"):
        await break_off()
    async with database.begin() as session:
        assert (await session.scalars(select(Chat))).all() == []


# encryption


async def test_nothing_that_people_wrote_is_readable_at_rest(database: Database, database_url: str) -> None:
    await _fill(database)
    async with database.begin() as session:
        assert (await session.scalars(select(Message.text))).one() == SAID
        assert (await session.scalars(select(Outgoing.call))).one()["chat_id"] == ADDRESS
    secrets = [SAID.encode(), b"paspor", ADDRESS.encode()]
    if database_url.startswith("sqlite"):
        await database.close()
        files = list(sqlite_file(database_url).parent.glob("desmi.db*"))
        assert files
        raw = b"".join(path.read_bytes() for path in files)
    else:
        raw = await _dump(database)
    assert b"sendMessage" not in raw
    assert not [secret for secret in secrets if secret in raw]


async def _dump(database: Database) -> bytes:
    """Every value of every table as the database keeps it."""
    lines: list[str] = []
    async with database.engine.connect() as connection:
        for table in await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
            lines += (await connection.scalars(text(f'SELECT t::text FROM "{table}" t'))).all()
    assert len(lines) > 4
    return "\n".join(lines).encode()


async def test_another_key_is_refused_with_what_to_do(database: Database) -> None:
    await _fill(database)
    use_keys(Keys.from_secret("kunci lain yang cukup panjang"))
    try:
        with pytest.raises(KeyMismatchError, match=r"secret\.key"):
            async with database.begin() as session:
                (await session.scalars(select(Message.text))).all()
    finally:
        use_keys(Keys.from_secret(SECRET))


async def test_the_same_text_is_never_stored_alike(database: Database) -> None:
    await _fill(database)
    async with database.begin() as session:
        chat = (await session.scalars(select(Chat.id))).one()
        session.add(Message(chat=chat, direction="in", kind="text", text=SAID))
    async with database.begin() as session:
        stored = (await session.scalars(text("SELECT text FROM messages"))).all()
    assert len(set(stored)) == 2


# times


async def test_times_are_utc_on_every_database(database: Database) -> None:
    chat = await _fill(database)
    at = datetime(2026, 11, 23, 6, 30, tzinfo=WIB)
    async with database.begin() as session:
        (await session.get_one(Chat, chat)).danger_at = at
    async with database.begin() as session:
        read = (await session.get_one(Chat, chat)).danger_at
        before = (await session.scalars(select(Chat).where(Chat.danger_at < at + timedelta(minutes=1)))).all()
    assert read == at
    assert read is not None
    assert (read.tzinfo, read.hour) == (UTC, 23)
    assert [found.id for found in before] == [chat]


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    chat = await _fill(database)
    with pytest.raises(StatementError, match="without a zone"):
        async with database.begin() as session:
            (await session.get_one(Chat, chat)).danger_at = datetime(2026, 11, 23)


# keys


def test_the_key_file_is_the_owners_alone(settings_factory: SettingsFactory) -> None:
    settings = settings_factory(secret_key=None)
    keys = load_keys(settings)
    path = settings.data_dir / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(settings).storage_key == keys.storage_key
    assert [found.name for found in settings.data_dir.iterdir()] == ["secret.key"]


def test_processes_that_start_at_once_agree_on_the_key(data_dir: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from core.keys import load_keys; from core.settings import Settings;"
        "settings = Settings(_env_file=None, data_dir=Path(sys.argv[1]));"
        "print('ready', flush=True); sys.stdin.readline(); print(load_keys(settings).storage_key)"
    )
    racers = [
        subprocess.Popen(
            python("-c", script, str(data_dir)),
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    keys = {racer.communicate(timeout=60)[0] for racer in racers}
    assert [racer.returncode for racer in racers] == [0] * 4
    assert len(keys) == 1
    assert keys == {load_keys(Settings(_env_file=None, data_dir=data_dir)).storage_key + "\n"}


def test_keys_of_different_purposes_differ_and_do_not_print() -> None:
    keys = Keys.from_secret(SECRET)
    assert len({keys.webhook_secret, keys.storage_key, SECRET}) == 3
    assert not [value for value in (keys.webhook_secret, keys.storage_key, SECRET) if value in repr(keys)]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", keys.webhook_secret)
    assert keys.pseudonym("telegram", "1") != keys.pseudonym("whatsapp", "1")
    assert re.fullmatch(r"[a-z2-7]{24}", keys.pseudonym("telegram", "1"))
    assert keys.decrypt(keys.encrypt("a\ud800b")) == "a?b"
    with pytest.raises(ValueError, match="16"):
        Keys.from_secret("pendek")


# settings


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
        assert not field.is_required(), f"{name}: a first run must need no settings"


def test_defaults_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(_env_file=None)
    assert settings.telegram_token is None
    assert settings.telegram_mode == "polling"
    assert settings.data_dir == ROOT / "var"
    assert settings.database().render_as_string() == f"sqlite+aiosqlite:///{ROOT / 'var' / 'desmi.db'}"
    assert settings.webhook_host == "127.0.0.1"
    assert settings.rasa_url.startswith("http://127.0.0.1:")
    assert settings.actions_url.startswith("http://127.0.0.1:")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESMI_TELEGRAM_TOKEN", "1:rahasia")
    monkeypatch.setenv("DESMI_DATABASE_URL", " postgres://u:p@db/desmi ")
    settings = Settings(_env_file=None)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "1:rahasia"
    assert "rahasia" not in repr(settings)
    assert settings.database().drivername == "postgresql+psycopg"


def test_the_tracker_store_follows_the_database(settings_factory: SettingsFactory, tmp_path: Path) -> None:
    settings = settings_factory()
    tracker = settings.tracker_database()
    assert tracker.drivername == "sqlite"
    assert tracker.database == str(settings.data_dir / "desmi-rasa.db")
    assert tracker.database != settings.database().database
    elsewhere = settings_factory(database_url=f"sqlite:///{tmp_path / 'lain.sqlite'}").tracker_database()
    assert elsewhere.database == str(tmp_path / "lain-rasa.db")
    for address in ("postgres://u:p%40@db:5433/desmi", "postgresql+psycopg://u:p%40@db:5433/desmi"):
        postgres = settings_factory(database_url=address).tracker_database()
        assert postgres.render_as_string(hide_password=False) == "postgresql://u:p%40@db:5433/desmi"


def test_other_databases_are_refused(settings_factory: SettingsFactory) -> None:
    with pytest.raises(ValueError, match="mysql is not supported"):
        settings_factory(database_url="mysql://db/desmi").database()
