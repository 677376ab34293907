"""Rasa and the action server as child processes, on loopback, ready or with a reason why not."""

import asyncio
import contextlib
import ctypes
import hashlib
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy.engine import URL

from cli.model import RASA_PYTHON, rasa_environment, require_model
from core.keys import Keys, load_keys
from core.settings import ROOT, Settings

RASA = "rasa"

READY_S = 300.0
"""How long a server that runs may take to get ready, in seconds: a busy small machine needs minutes for what takes 10 s elsewhere,
and ending it then would only begin the same anew. One that dies is noticed at once."""

NO_MODEL = "no model is loaded"
"""What Rasa's health page says when the model's file is broken or made by another version."""

_PR_SET_PDEATHSIG = 1
_STOP_S = 25.0
"""The bot finishes what is under way, see `bot.service` and `bot.outbox`: 8 and 12 s at most."""


class ServerError(RuntimeError):
    """A server did not start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to start one server: its name, command, environment, health address and log file."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    health: str
    log: Path


def instance_id(keys: Keys) -> str:
    """Tells this copy of Desmi from another on the same machine; says nothing of the key."""
    return hashlib.sha256(f"instance {keys.storage_key}".encode()).hexdigest()[:12]


def _die_with_parent() -> None:
    # without this a killed `desmi run` would leave servers behind that hold the ports
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def spawn(program: Program) -> asyncio.subprocess.Process:
    """Start a program; its output goes to its log file."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *program.command,
            cwd=ROOT,
            env=dict(program.env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,
        )


def programs(
    settings: Settings, keys: Keys, tracker: URL | None = None, model: Path | None = None
) -> list[Program]:
    """The action server and the Rasa server of these settings.

    Args:
        settings: Ports, folders, log level.
        keys: For the tracker store's encryption.
        tracker: Where Rasa keeps conversations, if not where the settings say.
        model: Rasa's model file, if not the one of the present data.
    """
    logs = settings.data_dir / "log"
    ours = {f"DESMI_{name.upper()}": value for name, value in _plain(settings).items()}
    secret = {"DESMI_SECRET_KEY": settings.secret_key.get_secret_value()} if settings.secret_key else {}
    actions = Program(
        "actions",
        (sys.executable, "-m", "actions.server"),
        {**os.environ, **ours, **secret},
        f"http://127.0.0.1:{settings.actions_port}/health",
        logs / "actions.log",
    )
    rasa_env = {name: value for name, value in rasa_environment().items() if not name.startswith("DESMI_")}
    rasa = Program(
        RASA,
        (
            str(RASA_PYTHON),
            "-m",
            "nlu.launcher",
            "run",
            "--model",
            str(model or require_model()),
            "--endpoints",
            "endpoints.yml",
            "--credentials",
            "credentials.yml",
            "--interface",
            "127.0.0.1",
            "--port",
            str(settings.rasa_port),
        ),
        {
            # only what it needs: neither the bot's token nor the secret key
            **rasa_env,
            "DESMI_ACTIONS_URL": settings.actions_url,
            "DESMI_TRACKER_URL": (tracker or settings.tracker_database()).render_as_string(
                hide_password=False
            ),
            "DESMI_STORAGE_KEY": keys.storage_key,
            "DESMI_INSTANCE": instance_id(keys),
            **_lock_store(settings),
            "LOG_LEVEL": "WARNING",
        },
        f"{settings.rasa_url}/webhooks/desmi/health",
        logs / "rasa.log",
    )
    return [actions, rasa]


def console_program(settings: Settings) -> Program:
    """The staff console; it inherits the operator's environment."""
    everywhere = settings.console_host in ("0.0.0.0", "::")  # noqa: S104
    host = "127.0.0.1" if everywhere else settings.console_host
    return Program(
        "console",
        (sys.executable, "-m", "console"),
        dict(os.environ),
        f"http://{host}:{settings.console_port}/health",
        settings.data_dir / "log" / "console.log",
    )


def _lock_store(settings: Settings) -> dict[str, str]:
    """The variables of `endpoints.yml` for Rasa's lock store."""
    if settings.lock_store_url is None:
        # Rasa reads numbers from these even when it keeps its locks in memory
        return {"DESMI_LOCK_TYPE": "in_memory", "DESMI_LOCK_HOST": "", "DESMI_LOCK_PORT": "0", "DESMI_LOCK_DB": "0",
                "DESMI_LOCK_PASSWORD": ""}  # fmt: skip
    url = urlsplit(settings.lock_store_url.get_secret_value())
    if url.scheme != "redis" or not url.hostname:
        raise ServerError("DESMI_LOCK_STORE_URL must look like redis://:password@host:6379/1")
    return {
        "DESMI_LOCK_TYPE": "redis",
        "DESMI_LOCK_HOST": url.hostname,
        "DESMI_LOCK_PORT": str(url.port or 6379),
        "DESMI_LOCK_DB": url.path.strip("/") or "1",
        "DESMI_LOCK_PASSWORD": url.password or "",
    }


def _plain(settings: Settings) -> dict[str, str]:
    return {
        "data_dir": str(settings.data_dir),
        "database_url": settings.database().render_as_string(hide_password=False),
        "actions_port": str(settings.actions_port),
        "rasa_port": str(settings.rasa_port),
        "log_level": settings.log_level,
    }


def require_free(port: int, name: str) -> None:
    """Raise `ServerError` when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServerError(
                f"Port {port} for {name} is taken. Is another Desmi running? "
                f"Stop it, or set DESMI_{name.upper()}_PORT to a free port."
            ) from error


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def wait_ready(program: Program, process: asyncio.subprocess.Process) -> None:
    """Wait for a server's health page; raises `ServerError` with the end of its log when it dies."""
    deadline = asyncio.get_running_loop().time() + READY_S
    async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = await client.get(program.health)
                if answer.status_code == httpx.codes.OK:
                    return
                if NO_MODEL in answer.text:  # Rasa listens only after it tried: waiting would not help
                    raise ServerError(f"{program.name} could not load the model. {_tail(program.log)}")
            if process.returncode is not None:
                raise ServerError(
                    f"{program.name} stopped (exit code {process.returncode}). {_tail(program.log)}"
                )
            if asyncio.get_running_loop().time() > deadline:
                raise ServerError(f"{program.name} is not ready after {READY_S:.0f} s. {_tail(program.log)}")
            await asyncio.sleep(0.15)


def _tail(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines()[-5:] if log.exists() else []
    return f"The end of {log}:\n" + "\n".join(lines)


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ask a process to stop, then make it."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_S)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def running_url(settings: Settings) -> str | None:
    """The address of this copy's running Rasa server, or None."""
    with contextlib.suppress(httpx.HTTPError, ValueError):
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
            answer = (await client.get(f"{settings.rasa_url}/webhooks/desmi/health")).json()
            if isinstance(answer, dict) and answer.get("instance") == instance_id(load_keys(settings)):
                return settings.rasa_url
    return None


@asynccontextmanager
async def engine_url(settings: Settings, model: Path | None = None) -> AsyncIterator[str]:
    """An address of a Rasa server: the running one, or one started for this command alone (with `model`, if given)."""
    running = await running_url(settings)
    if running is not None and model is None:
        yield running
        return
    keys = load_keys(settings)
    with tempfile.TemporaryDirectory(prefix="desmi-") as folder:
        own = settings.model_copy(update={"rasa_port": free_port(), "actions_port": free_port()})
        tracker = URL.create("sqlite", database=str(Path(folder) / "rasa.db"))
        processes: list[asyncio.subprocess.Process] = []
        try:
            starting = [
                Program(p.name, p.command, p.env, p.health, Path(folder) / p.log.name)
                for p in programs(own, keys, tracker, model)
            ]
            processes = [await spawn(program) for program in starting]
            await asyncio.gather(*(wait_ready(p, q) for p, q in zip(starting, processes, strict=True)))
            yield own.rasa_url
        finally:
            await asyncio.gather(*(stop(process) for process in processes))
