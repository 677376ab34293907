"""The whole of Desmi as an operator runs it: `desmi run` with a folder and ports of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from core.settings import ROOT
from tests.faults import processes

PROGRAM = Path(sys.executable).with_name("desmi")
TOKEN = "100000:uji"
READY_S = 120.0


def free_ports(count: int) -> list[int]:
    """Different loopback ports that nobody listens on now."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [int(listener.getsockname()[1]) for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


class Desmi:
    """A `desmi run` and its children, in polling or webhook mode."""

    def __init__(
        self, folder: Path, api_url: str, mode: str, command: tuple[str, ...] = (str(PROGRAM), "run")
    ) -> None:
        self.folder = folder
        self.mode = mode
        self.command = command
        self.rasa_port, self.actions_port, self.webhook_port, self.console_port = free_ports(4)
        self.environment: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DESMI_")},
            # all that a developer's `.env` could say otherwise
            "DESMI_TELEGRAM_TOKEN": TOKEN,
            "DESMI_TELEGRAM_API_URL": api_url,
            "DESMI_TELEGRAM_MODE": mode,
            "DESMI_WEBHOOK_URL": f"http://127.0.0.1:{self.webhook_port}",
            "DESMI_WEBHOOK_HOST": "127.0.0.1",
            "DESMI_WEBHOOK_PORT": str(self.webhook_port),
            "DESMI_WEBHOOK_SECRET": "rahasia-webhook-untuk-uji",
            "DESMI_DATABASE_URL": "",
            "DESMI_DATA_DIR": str(folder),
            "DESMI_SECRET_KEY": "kunci rahasia hanya untuk uji",
            "DESMI_RASA_PORT": str(self.rasa_port),
            "DESMI_ACTIONS_PORT": str(self.actions_port),
            "DESMI_CONSOLE_PORT": str(self.console_port),
            "DESMI_LOG_LEVEL": "INFO",
        }
        self.process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        assert self.process is not None
        return self.process.pid

    @property
    def output(self) -> Path:
        """What `desmi run` printed."""
        return self.folder / "run.log"

    def health(self) -> dict[str, str]:
        """Health pages by role; the bot has one in webhook mode only."""
        pages = {
            "actions": f"http://127.0.0.1:{self.actions_port}/health",
            "rasa": f"http://127.0.0.1:{self.rasa_port}/webhooks/desmi/health",
        }
        return pages | (
            {"bot": f"http://127.0.0.1:{self.webhook_port}/health"} if self.mode == "webhook" else {}
        )

    async def prepare(self) -> None:
        """Make the database and fill it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "db", "upgrade", cwd=ROOT, env=self.environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _out, problem = await process.communicate()
        assert process.returncode == 0, problem.decode()

    async def start(self) -> None:
        """Start it; it is not ready yet."""
        with self.output.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, cwd=ROOT, env=self.environment,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    async def wait_ready(self) -> None:
        """Wait until its health pages answer; that the bot is there, the double sees by its calls."""
        deadline = processes.since_boot() + READY_S
        waiting = self.health()
        async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
            while waiting:
                assert self.process is not None
                assert self.process.returncode is None, f"desmi run ended:\n{self.tail()}"
                assert processes.since_boot() < deadline, f"not ready: {list(waiting)}\n{self.tail()}"
                for role, page in list(waiting.items()):
                    try:
                        if (await client.get(page)).status_code == httpx.codes.OK:
                            del waiting[role]
                    except httpx.HTTPError:
                        pass
                await asyncio.sleep(0.1)

    def roles(self) -> dict[str, int]:
        """Process ids of its children by role."""
        return processes.roles(self.pid)

    async def kill(self, role: str, patience_s: float = 40.0) -> int:
        """`kill -9` a child, as soon as there is one of this role; returns its process id."""
        deadline = processes.since_boot() + patience_s
        while True:
            pid = self.roles().get(role)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                return pid
            assert processes.since_boot() < deadline, f"no {role} to kill:\n{self.tail()}"
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Stop it, and its children with it."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), 30)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    def tail(self) -> str:
        """The ends of its logs."""
        logs = [self.output, *sorted((self.folder / "log").glob("*.log"))]
        return "\n".join(
            f"== {log.name}\n" + "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
            for log in logs
            if log.exists()
        )
