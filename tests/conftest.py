"""Fixtures for all tests: settings, both databases, Redis, the Telegram double."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# python-telegram-bot warns (and warnings are errors here) whenever it tells seconds as plain numbers
os.environ.setdefault("PTB_TIMEDELTA", "true")

import hypothesis
import psycopg
import pytest
from sqlalchemy.engine import make_url

from core.keys import load_keys
from core.learning import export
from core.settings import Settings
from core.storage import Database, open_database
from core.storage.migrate import upgrade
from tests.telegram_double import TelegramDouble

pytest_plugins = ["tests.servers"]
# the same examples in every run, without a time limit each: `--hypothesis-profile=default` looks for new ones
hypothesis.settings.register_profile("desmi", deadline=None, derandomize=True)
hypothesis.settings.load_profile("desmi")

SERVER_SECONDS = 60
SECRET = "kunci rahasia hanya untuk uji"

SettingsFactory = Callable[..., Settings]
MakeDatabase = Callable[..., str]


@pytest.fixture(autouse=True)
def _no_branch_in_this_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test teaches must not become a branch of the developer's own repository."""
    no_repository = Path(__file__).parent
    monkeypatch.setattr(export.branch, "__defaults__", (no_repository,))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings must not reach the tests."""
    for name in list(os.environ):
        if name.startswith("DESMI_"):
            monkeypatch.delenv(name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def settings_factory(data_dir: Path) -> SettingsFactory:
    """Makes settings with a data folder of the test's own, no `.env`, and what the test sets."""

    def make(**values: Any) -> Settings:
        given: dict[str, Any] = {"data_dir": data_dir, "secret_key": SECRET} | values
        return Settings(_env_file=None, **given)

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make_database(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[MakeDatabase]:
    """Makes a database, with the schema or blank, and gives its address; once for each kind."""
    if request.param == "sqlite":
        yield lambda *, blank=False: _new_file(
            data_dir / "desmi.db", None if blank else request.getfixturevalue("sqlite_template")
        )
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"desmi_{uuid.uuid4().hex}"

    def make(*, blank: bool = False) -> str:
        if not blank:
            migrated = request.getfixturevalue("postgres_database")
            server.run(_EMPTY, migrated)
            return server.url(migrated)
        server.run(f'CREATE DATABASE "{name}"')
        return server.url(name)

    yield make
    server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _new_file(path: Path, template: Path | None) -> str:
    if template is not None:
        shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all migrations applied, to be copied: applying them takes a quarter of a second."""
    path = tmp_path_factory.mktemp("template") / "desmi.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_database(postgres_server: "PostgresServer") -> str:
    """The name of a database with all migrations applied, which the tests use one after another."""
    name = "desmi"
    postgres_server.run(f'CREATE DATABASE "{name}"')
    asyncio.run(_migrate(postgres_server.url(name)))
    return name


# a new database costs twenty times as much: PostgreSQL makes 300 files for it
_EMPTY = """
DO $$
DECLARE
    found record;
    filled boolean;
BEGIN
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- no foreign keys: any order will do
    FOR found IN SELECT format('%I', tablename) AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || found.name || ')' INTO filled;
        IF pg_relation_size(found.name::regclass) > 1000000 THEN
            EXECUTE 'TRUNCATE ' || found.name || ' CASCADE';
        ELSIF filled THEN
            EXECUTE 'DELETE FROM ' || found.name;
        END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


async def _migrate(url: str) -> None:
    async with _opened(Settings(_env_file=None, secret_key=SECRET, database_url=url)) as opened:
        await upgrade(opened.engine)


@pytest.fixture
def database_url(make_database: MakeDatabase) -> str:
    """The address of a database with the newest schema and no rows, once for each kind."""
    return make_database()


@pytest.fixture
async def empty_database(
    make_database: MakeDatabase, settings_factory: SettingsFactory
) -> AsyncIterator[Database]:
    """An open database without a schema."""
    async with _opened(settings_factory(database_url=make_database(blank=True))) as opened:
        yield opened


@pytest.fixture
async def database(database_url: str, settings_factory: SettingsFactory) -> AsyncIterator[Database]:
    """An open database with all migrations applied, once on SQLite and once on PostgreSQL."""
    async with _opened(settings_factory(database_url=database_url)) as opened:
        yield opened


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    opened = open_database(settings.database(), load_keys(settings))
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    """A Bot API server in the test's own loop."""
    async with TelegramDouble() as running:
        yield running


# servers, one a session


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server."""

    address: str
    """User, host and port, as they stand in a URL."""

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{self.address}/{name}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _program(name: str, package: str, *folders: Path) -> str:
    found = next((str(folder / name) for folder in folders if (folder / name).exists()), shutil.which(name))
    if found is None:
        pytest.fail(f"{name} is missing; install it with: apt-get install -y {package}", pytrace=False)
    return found


def _run(command: list[str], **how: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this session, without fsync; it refuses root, so root starts it as `postgres`."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    initdb, server = (_program(name, "postgresql", *folders) for name in ("initdb", "postgres"))
    # not pytest's own folder: another user cannot look into it
    home = Path(tempfile.mkdtemp(prefix="desmi-pg-"))
    who: dict[str, Any] = {"cwd": home}
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
        who |= {"user": "postgres", "group": "postgres", "extra_groups": []}
    data, port = home / "data", free_port()
    process: subprocess.Popen[bytes] | None = None
    try:
        _run(
            [initdb, "-D", str(data), "-U", "desmi", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            **who,
        )
        options = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": home,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 200,
        }
        command = [server, "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
        log = home / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, **who)
        running = PostgresServer(f"desmi@127.0.0.1:{port}")
        _await(process, log, lambda: running.run("SELECT 1"), psycopg.OperationalError)
        yield running
    finally:
        if process is not None:
            # SIGINT is its fast shutdown: it breaks connections and leaves no file
            process.send_signal(2)
            process.wait(SERVER_SECONDS)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis server of this session that keeps nothing."""
    program, port = _program("redis-server", "redis-server"), free_port()
    home = Path(tempfile.mkdtemp(prefix="desmi-redis-"))
    log = home / "log"
    options = {"port": port, "bind": "127.0.0.1", "dir": home, "appendonly": "no"}
    command = [
        program,
        *(str(part) for name, value in options.items() for part in (f"--{name}", value)),
        "--save",
        "",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)

    def answers() -> None:
        with socket.create_connection(("127.0.0.1", port), 1.0) as connection:
            connection.sendall(b"PING\r\n")
            assert connection.recv(16).startswith(b"+PONG")

    try:
        _await(process, log, answers, OSError)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(SERVER_SECONDS)
        shutil.rmtree(home, ignore_errors=True)


def _await(
    process: subprocess.Popen[bytes], log: Path, works: Callable[[], None], wrong: type[Exception]
) -> None:
    deadline = time.monotonic() + SERVER_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return works()
        except wrong:
            time.sleep(0.05)
    pytest.fail(f"{process.args!r} does not answer:\n{log.read_text()}", pytrace=False)


def python(*arguments: str) -> list[str]:
    """A command that runs this Python, for tests that need a process of their own."""
    return [sys.executable, *arguments]


def sqlite_file(url: str) -> Path:
    """The file of a SQLite address."""
    return Path(make_url(url).database or "")
