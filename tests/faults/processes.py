"""Processes as `/proc` shows them: children by role, memory, processor time, age."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

TICKS_S = os.sysconf("SC_CLK_TCK")
ROLES = {
    "bot": r"-m (bot|benchmarks\.unpaced bot) $",
    "actions": r"-m actions\.server ",
    "rasa": r"-m nlu\.launcher run ",
}
"""What tells the children of `desmi run` apart in their command lines."""


@dataclass(frozen=True, slots=True)
class Stat:
    """A process at one moment; `cpu_s` is its processor time and `started` its start, in seconds since boot."""

    pid: int
    parent: int
    state: str
    cpu_s: float
    started: float


def since_boot() -> float:
    """Now, on the clock of `Stat.started`."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def stat(pid: int) -> Stat | None:
    """A process; None when it is gone."""
    try:
        # the name in parentheses may hold anything
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    cpu = (int(fields[11]) + int(fields[12])) / TICKS_S
    return Stat(pid, int(fields[1]), fields[0], cpu, int(fields[19]) / TICKS_S)


def memory_mb(pid: int) -> float:
    """Resident memory in MB (2**20 bytes); 0 when the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def command_line(pid: int) -> str:
    """A process's command; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children(parent: int) -> list[int]:
    """Living children of a process."""
    found = (stat(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [each.pid for each in found if each is not None and each.parent == parent and each.state != "Z"]


def roles(parent: int) -> dict[str, int]:
    """Process ids of the children of a `desmi run`, by role; those that live now."""
    lines = {pid: command_line(pid) for pid in children(parent)}
    return {
        role: pid for role, words in ROLES.items() for pid, line in lines.items() if re.search(words, line)
    }
