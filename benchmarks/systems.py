"""What is measured: Desmi in its modes and Rasa's template bot, each on a Telegram double of its own."""

import asyncio
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.template_bot import project
from core.settings import ROOT
from tests.faults import processes
from tests.faults.system import Desmi, free_ports

WORK = ROOT / "var" / "benchmark"
LOOK_S = 0.03
"""How often the start of a process is looked at: the precision of start times."""
READY_S = 180.0


@dataclass(slots=True)
class System:
    """A running bot: its double's control address, its processes, how long each took to start (seconds)."""

    name: str
    control: httpx.AsyncClient
    double: asyncio.subprocess.Process
    taps: bool
    pids: dict[str, int] = field(default_factory=dict)
    start_s: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    desmi: Desmi | None = None
    template: asyncio.subprocess.Process | None = None

    def cpu_s(self) -> float:
        """Processor time of all its processes so far."""
        found = [processes.stat(pid) for pid in self.pids.values()]
        assert all(found), f"{self.name}: a process is gone"
        return sum(each.cpu_s for each in found if each)

    def measure_memory(self) -> None:
        """Note the resident memory of each process."""
        self.memory_mb = {role: processes.memory_mb(pid) for role, pid in self.pids.items()}

    async def stop(self) -> None:
        """Stop it and its double."""
        if self.desmi is not None:
            await self.desmi.stop()
        for process in (self.template, self.double):
            if process is not None and process.returncode is None:
                process.terminate()
                await process.wait()
        await self.control.aclose()


async def _start_double(username: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.telegram_double", "--port", "0", "--username", username,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    return process, str(json.loads(await process.stdout.readline())["url"])


async def _answers(client: httpx.AsyncClient, page: str) -> bool:
    try:
        return (await client.get(page)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


async def _listens(control: httpx.AsyncClient) -> bool:
    """Whether the bot takes updates: it polls, or has set its webhook."""
    if (await control.get("/state")).json()["webhook"]:
        return True
    return bool((await control.get("/calls", params={"method": "getUpdates"})).json()["calls"])


async def start_desmi(name: str, mode: str, unpaced: bool = False) -> System:
    """Start Desmi and time each process from its start to its readiness."""
    double, url = await _start_double("desmi_uji_bot")
    control = httpx.AsyncClient(base_url=f"{url}/control", trust_env=False, timeout=60.0)
    lifted = {"command": (sys.executable, "-m", "benchmarks.unpaced", "run")} if unpaced else {}
    desmi = Desmi(WORK / name.replace(" ", "-"), url, mode, **lifted)
    system = System(name, control, double, taps=True, desmi=desmi)
    # another double numbers its updates as the last one did: an old database would take them for repeated
    shutil.rmtree(desmi.folder, ignore_errors=True)
    await desmi.prepare()
    begun = processes.since_boot()
    await desmi.start()
    async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
        waiting = {"actions", "rasa", "bot"}
        while waiting:
            await asyncio.sleep(LOOK_S)
            assert desmi.process is not None
            assert desmi.process.returncode is None, desmi.tail()
            assert processes.since_boot() - begun < READY_S, desmi.tail()
            system.pids = {"desmi run": desmi.pid, **desmi.roles()}
            for role in sorted(waiting & set(system.pids)):
                up = await (_listens(control) if role == "bot" else _answers(client, desmi.health()[role]))
                here = processes.stat(system.pids[role])
                if up and here is not None:
                    system.start_s[role] = processes.since_boot() - here.started
                    waiting.discard(role)
    system.start_s["all"] = processes.since_boot() - begun
    return system


async def start_template() -> System:
    """Start the template bot and time it from its start to its first answer to a health question."""
    folder = project.make_project()
    double, url = await _start_double(project.USERNAME)
    control = httpx.AsyncClient(base_url=f"{url}/control", trust_env=False, timeout=60.0)
    system = System("Rasa template", control, double, taps=False)
    [port] = free_ports(1)
    log = folder / "run.log"
    begun = processes.since_boot()
    with log.open("wb") as out:
        system.template = await asyncio.create_subprocess_exec(
            *project.command(port), cwd=folder, env=project.environment(url),
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    system.pids = {"rasa": system.template.pid}
    async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
        while not await _answers(client, f"http://127.0.0.1:{port}/webhooks/telegram/"):
            await asyncio.sleep(LOOK_S)
            assert system.template.returncode is None, _end(log)
            assert processes.since_boot() - begun < READY_S, _end(log)
    assert await _listens(control), "the template bot has set no webhook"
    system.start_s = {"rasa": processes.since_boot() - begun, "all": processes.since_boot() - begun}
    return system


def _end(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
