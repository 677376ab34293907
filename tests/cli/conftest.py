"""The command `desmi`, in this process or as one of its own, with settings of the test's own."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from cli.places import read_atlas
from cli.prepare import prepare_database
from core.atlas import Atlas
from core.settings import ROOT, Settings, settings
from tests.servers import Running, isolated_settings

SECONDS = 180


@dataclass
class Desmi:
    """Runs commands; `env` holds the `DESMI_` settings without their prefix."""

    env: dict[str, str]
    monkeypatch: pytest.MonkeyPatch
    results: list[Result] = field(default_factory=list)

    def __call__(self, *args: str, given: bytes | str = b"", **changes: str) -> Result:
        """Run a command in this process."""
        with self.monkeypatch.context() as patch:
            for name, value in {**self.env, **changes}.items():
                patch.setenv(f"DESMI_{name.upper()}", value)
            settings.cache_clear()
            result = CliRunner().invoke(main, list(args), input=given)
            settings.cache_clear()
        self.results.append(result)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *args: str, given: bytes | str = b"", **changes: str) -> Any:
        """The one JSON value that a command prints."""
        result = self(*args, "--json", given=given, **changes)
        assert result.exit_code == 0, result.output
        assert result.stdout.count("\n") == 1
        return strict(result.stdout)

    def lines(self, *args: str, given: bytes | str, **changes: str) -> list[Any]:
        """The JSON values that a command prints a line each."""
        result = self(*args, "--json", given=given, **changes)
        assert result.exit_code == 0, result.output
        return [strict(line) for line in result.stdout.split("\n")[:-1]]

    def process(self, *args: str | bytes, **changes: str) -> "subprocess.Popen[bytes]":
        """Start a command as a process of its own."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("DESMI_")}
        ours = {f"DESMI_{name.upper()}": value for name, value in {**self.env, **changes}.items()}
        return subprocess.Popen(
            [sys.executable, "-c", "from cli.main import main; main()", *args],
            env={**outside, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **ours},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def finish(self, process: "subprocess.Popen[bytes]", given: bytes = b"") -> tuple[int, str, str]:
        """Exit code, output and errors of a process."""
        try:
            out, err = process.communicate(given, timeout=SECONDS)
        finally:
            process.kill()
        return process.returncode, out.decode(), err.decode("utf-8", "replace")


def strict(text: str) -> Any:
    """A JSON value as the standard has it: no NaN."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def _env(own: Settings) -> dict[str, str]:
    return {
        "data_dir": str(own.data_dir),
        "rasa_port": str(own.rasa_port),
        "actions_port": str(own.actions_port),
        "console_port": str(own.console_port),
    }


@pytest.fixture
def new_desmi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desmi]:
    """Makes copies of Desmi, each with a data folder and ports of its own."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)  # a developer's own

    def make(name: str = "var", template: Path | None = None) -> Desmi:
        if template is not None:
            shutil.copytree(template, tmp_path / name)
        return Desmi(_env(isolated_settings(tmp_path / name)), monkeypatch)

    return make


@pytest.fixture
def fresh(new_desmi: Callable[..., Desmi]) -> Desmi:
    """A copy that was never started."""
    return new_desmi()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database is filled."""
    folder = tmp_path_factory.mktemp("filled") / "var"
    asyncio.run(prepare_database(isolated_settings(folder)))
    return folder


@pytest.fixture
def desmi(new_desmi: Callable[..., Desmi], filled: Path) -> Desmi:
    """A copy with a filled database and no servers."""
    return new_desmi(template=filled)


@pytest.fixture(scope="session")
def atlas(filled: Path) -> Atlas:
    """The places of the filled database, read once."""
    return asyncio.run(read_atlas(isolated_settings(filled)))


@pytest.fixture
def served(running: Running, monkeypatch: pytest.MonkeyPatch) -> Desmi:
    """The copy whose servers run for the whole session."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return Desmi(_env(running.settings), monkeypatch)
