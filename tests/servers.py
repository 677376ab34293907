"""Fixtures: the real Rasa and action servers on free loopback ports, with the trained model."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from cli import servers
from cli.model import train
from cli.prepare import prepare_database
from core.engine_client import EngineClient
from core.keys import Keys, load_keys
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Running:
    """A running pair of servers."""

    settings: Settings
    keys: Keys


def isolated_settings(folder: Path, **changes: object) -> Settings:
    """Settings of a copy of its own: own folder, own ports, nothing from the operator's `.env`."""
    values = {
        "data_dir": folder,
        "rasa_port": servers.free_port(),
        "actions_port": servers.free_port(),
        "console_port": servers.free_port(),
        **changes,
    }
    return Settings(_env_file=None, **values)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """Rasa and the action server, started once for the whole test session."""
    train()
    settings = isolated_settings(tmp_path_factory.mktemp("desmi"))
    await prepare_database(settings)
    keys = load_keys(settings)
    programs = servers.programs(settings, keys)
    processes = [await servers.spawn(program) for program in programs]
    try:
        for program, process in zip(programs, processes, strict=True):
            await servers.wait_ready(program, process)
        yield Running(settings, keys)
    finally:
        for process in processes:
            await servers.stop(process)


@pytest_asyncio.fixture
async def engine(running: Running) -> AsyncIterator[EngineClient]:
    """A client of the running Rasa server."""
    async with EngineClient(running.settings.rasa_url) as client:
        yield client
