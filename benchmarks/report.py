"""The measured figures as a Markdown page, with ratios of Desmi to the template bot."""

import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load import Result
from benchmarks.systems import System

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """What was measured of one system."""

    system: System
    results: Mapping[str, Result]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _p50(result: Result) -> float:
    return percentile(result.waits_ms, 0.5)


def _p95(result: Result) -> float:
    return percentile(result.waits_ms, 0.95)


def _rate(result: Result) -> float:
    return statistics.median(result.rates)


def _cpu(result: Result) -> float:
    return statistics.median(result.cpu_ms)


FIGURES: tuple[tuple[str, Callable[[Result], float]], ...] = (
    ("p50, ms", _p50),
    ("p95, ms", _p95),
    ("replies per second", _rate),
    ("processor time per reply, ms", _cpu),
)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _cell(value: float, base: float) -> str:
    return f"{_number(value)} ({value / base:.2f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def speed_table(columns: Sequence[Column], template: Column) -> str:
    """Waits, rates and processor time; in brackets as a multiple of the template bot's text."""
    base = template.results[TEXT]
    rows = []
    for label in dict.fromkeys(label for column in columns for label in column.results):
        for figure, value in FIGURES:
            cells = [
                _cell(value(c.results[label]), value(base)) if label in c.results else "–" for c in columns
            ]
            own = _number(value(base)) if label == TEXT else "–"
            rows.append([f"{label}: {figure}", *cells, own])
    return _table(["", *(c.system.name for c in columns), template.system.name], rows)


def processes_table(columns: Sequence[Column], template: Column) -> str:
    """Start and memory of each process; in brackets as a multiple of the template bot's one process."""
    start, memory = template.system.start_s["all"], sum(template.system.memory_mb.values())
    rows = []
    for role in ("rasa", "actions", "bot", "all"):
        cells = [_cell(c.system.start_s[role], start) for c in columns]
        rows.append([f"start of {role}, s", *cells, _number(start) if role in ("rasa", "all") else "–"])
    for role in ("rasa", "actions", "bot", "desmi run"):
        cells = [_cell(c.system.memory_mb[role], memory) for c in columns]
        rows.append([f"memory of {role}, MB", *cells, _number(memory) if role == "rasa" else "–"])
    totals = [_cell(sum(c.system.memory_mb.values()), memory) for c in columns]
    rows.append(["memory together, MB", *totals, _number(memory)])
    return _table(["", *(c.system.name for c in columns), template.system.name], rows)


def machine() -> str:
    """Cores, memory, system; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB memory, {platform.system()}, "
        f"Python {platform.python_version()}; load average {load:.1f} at the end"
    )


PAGE = """\
# How fast Desmi is, beside Rasa's template bot

Written by `make benchmark` ({command}) on {date}. How it is measured and how to repeat it: [benchmarks](../../benchmarks/README.md).

- Machine: {machine}; {rounds} rounds, {few} people one after the other and {many} at once in each, for each system in turn.
- The template bot is what `rasa init` makes: default pipeline, in-memory store, Rasa's own Telegram channel (webhook only).
  It has {template_topics} intents and no buttons, so Desmi's taps are compared with its text.
- Brackets: Desmi as a multiple of the template bot. Under 1 is better, for replies per second over 1 is.
- A wait is from the update's arising at the double to the reply's coming in there. "Processor time" is that of all the
  bot's processes while {many} people ask at once, without the double and the people.

## Waits and rates

{speed}

Desmi keeps Telegram's sending limits (25 messages a second over all chats, 1 a second in one chat after 4). "{unpaced}" is
the same program with the limits lifted for the measurement alone: where it sends under 25 a second, the machine and not
the limits sets the pace, and processor time per reply is the fairer figure.
{limits}

## Processes

{processes}

Start: from a process's start until it answers its health page (the bot: until it polls or has set its webhook); "all":
from the command until everything is ready, database and model there. Memory: resident, after the load.
"""


def limits_line(reports: Mapping[str, Mapping[str, object]]) -> str:
    """What the double says of each system's keeping to Telegram's limits."""
    said = []
    for name, report in reports.items():
        kept = "kept the limits" if report["kept"] else "broke the limits"
        said.append(f"{name}: {kept} (at most {report['worst_second']} sends in a second)")
    return "By the double's count: " + "; ".join(said) + "."


def write(path: Path, columns: Sequence[Column], template: Column, **facts: object) -> str:
    """Write the page; returns its text."""
    text = PAGE.format(
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        speed=speed_table(columns, template),
        processes=processes_table(columns, template),
        **facts,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return text
