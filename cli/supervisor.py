"""Keep the servers and the bot running: start in order, restart what dies, replace what is ill."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence

import httpx

from cli import servers
from cli.model import ModelError
from cli.servers import RASA, Program
from core.keys import load_keys
from core.learning import candidates
from core.settings import Settings

RESTART_S = 1.0
"""Pause before a dead process is started again; doubles up to `RESTART_MAX_S` while it keeps dying."""
RESTART_MAX_S = 30.0
HEALTH_EVERY_S = 5.0
ILL_LIMIT = 3
"""Failed health checks in a row after which a process is replaced."""

GIVE_UP = 78
"""The bot's exit code for an error that a restart cannot mend (EX_CONFIG of sysexits.h)."""


def bot_program(settings: Settings) -> Program:
    """The Telegram edge as a program of its own; it inherits the operator's environment."""
    return Program(
        "bot", (sys.executable, "-m", "bot"), dict(os.environ), "", settings.data_dir / "log" / "bot.log"
    )


class Supervisor:
    """Runs programs until stopped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._served = candidates.served(settings.data_dir)
        self._stopping = asyncio.Event()
        self.exit_code = 0

    async def run(self, programs: Sequence[Program]) -> int:
        """Run until a signal or an error that cannot be mended; returns the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        ready = [asyncio.Event() for _ in programs]
        keepers = [asyncio.create_task(self._keep(p, r)) for p, r in zip(programs, ready, strict=True)]
        announce = asyncio.create_task(self._announce(programs, ready))
        await self._stopping.wait()
        announce.cancel()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(announce, *keepers, return_exceptions=True)
        return self.exit_code

    async def _announce(self, programs: Sequence[Program], ready: Sequence[asyncio.Event]) -> None:
        for program, event in zip(programs, ready, strict=True):
            await event.wait()
            print(f"{program.name}: ready (log: {program.log})", flush=True)
        print(f"Staff console: {self._settings.console_address}", flush=True)
        print("Desmi is running. Stop with Ctrl-C.", flush=True)

    async def _keep(self, program: Program, ready: asyncio.Event) -> None:
        pause, good = RESTART_S, program
        while True:
            program = self._with_chosen_model(program)
            process = await servers.spawn(program)
            try:
                if program.health:
                    await servers.wait_ready(program, process)
                ready.set()
                good = program
                started = asyncio.get_running_loop().time()
                await self._watch(program, process)
                if process.returncode == GIVE_UP:
                    self._stop_with(program)
                    return
                if asyncio.get_running_loop().time() - started > RESTART_MAX_S:
                    pause = RESTART_S
                print(f"{program.name}: stopped (exit code {process.returncode}), starting again", flush=True)
            except servers.ServerError as error:
                print(f"{error}\n{program.name}: starting again in {pause:.0f} s", flush=True)
                program = good  # a model that cannot be served must not keep people waiting
            finally:
                await servers.stop(process)
            await asyncio.sleep(pause if program.health else RESTART_S)
            pause = min(pause * 2, RESTART_MAX_S)

    def _with_chosen_model(self, program: Program) -> Program:
        """The program, serving the model that staff chose since."""
        if not self._is_outdated(program):
            return program
        self._served = candidates.served(self._settings.data_dir)
        try:
            now = servers.programs(self._settings, load_keys(self._settings))
        except ModelError as error:
            print(f"{program.name}: the model in use stays. {error}", flush=True)
            return program
        return next(new for new in now if new.name == program.name)

    def _is_outdated(self, program: Program) -> bool:
        return program.name == RASA and candidates.served(self._settings.data_dir) != self._served

    def _stop_with(self, program: Program) -> None:
        lines = program.log.read_text("utf-8", "replace").splitlines()[-3:]
        print(f"{program.name} cannot run:\n" + "\n".join(lines), flush=True)
        self.exit_code = GIVE_UP
        self._stopping.set()

    async def _watch(self, program: Program, process: asyncio.subprocess.Process) -> None:
        """Return when the process has ended, or has been stopped for being ill."""
        ended = asyncio.create_task(process.wait())
        failures = 0
        try:
            while True:
                done, _pending = await asyncio.wait({ended}, timeout=HEALTH_EVERY_S)
                if done:
                    return
                if not program.health:
                    continue
                if self._is_outdated(program):
                    print(f"{program.name}: another model was chosen, replacing it", flush=True)
                    await servers.stop(process)
                    return
                failures = 0 if await _healthy(program) else failures + 1
                if failures >= ILL_LIMIT:
                    print(f"{program.name}: not well, replacing it", flush=True)
                    await servers.stop(process)
                    return
        finally:
            ended.cancel()


async def _healthy(program: Program) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
            return (await client.get(program.health)).status_code == httpx.codes.OK
    return False


async def supervise(settings: Settings) -> int:
    """Run the servers and the bot of these settings until stopped."""
    keys = load_keys(settings)
    servers.require_free(settings.rasa_port, "rasa")
    servers.require_free(settings.actions_port, "actions")
    servers.require_free(settings.console_port, "console")
    everything = [
        *servers.programs(settings, keys),
        servers.console_program(settings),
        bot_program(settings),
    ]
    return await Supervisor(settings).run(everything)
