"""The console's pages on a full database: how long the server takes for every list, filter and search.

python -m benchmarks.console --messages 100000                      # SQLite, in a temporary folder
python -m benchmarks.console --messages 1000000 --url postgresql://user@host/database

A database that was filled before gets what it lacks and is measured again.
"""

import argparse
import asyncio
import os
import platform
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import delete, event, func, select

from benchmarks import console_data, console_pages
from console import sessions
from console.app import create_app
from core.keys import Keys, load_keys
from core.settings import ROOT, Settings
from core.statistics.kept import recount
from core.storage import Database, open_database
from core.storage.migrate import upgrade
from core.storage.models import Chat, Message
from core.storage.quality import Counted
from core.storage.review import Thread

ROUNDS = 25
"""Times that each page is asked for."""
MEDIAN_MS, P95_MS = 200, 500
"""The goal: below these."""
WORST = 10
"""Pages above the goal that the report names."""
SHOWN = 77
"""The thread whose conversation is looked at."""
OUTPUT = ROOT / "docs" / "reports" / "console.md"


@dataclass(frozen=True, slots=True)
class Timed:
    """One page: milliseconds, sorted, those of them that this process worked, and how much it asked the database."""

    path: str
    times: Sequence[float]
    cpu: float
    statements: int
    transactions: int

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """The 95th percentile by nearest rank: of few rounds the worst."""
        return self.times[min(len(self.times) - 1, int(0.95 * len(self.times)))]

    @property
    def slow(self) -> bool:
        """Whether it misses the goal."""
        return self.median >= MEDIAN_MS or self.p95 >= P95_MS


class Tally:
    """Counts what an engine is asked."""

    def __init__(self, database: Database) -> None:
        self.counts: Counter[str] = Counter()
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "begin", self._begin)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.counts["statements"] += not statement.startswith("BEGIN")

    def _begin(self, _connection: Any) -> None:
        self.counts["transactions"] += 1


async def measure(client: httpx.AsyncClient, tally: Tally, path: str, rounds: int) -> Timed:
    """Ask for a page again and again."""
    times, worked = [], []
    for _round in range(rounds):
        tally.counts.clear()
        started, before = time.perf_counter(), time.process_time()
        response = await client.get(path)
        times.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - before) * 1000)
        assert response.status_code == 200, (path, response.status_code)
    timed = Timed(
        path,
        sorted(times),
        statistics.median(worked),
        tally.counts["statements"],
        tally.counts["transactions"],
    )
    print(
        f"{path[:76]:76} {times[0]:8.0f} {timed.times[0]:8.0f} {timed.median:8.0f} {timed.p95:8.0f} {timed.cpu:6.0f} {timed.statements:4}"
        f" {timed.transactions:4} {'  SLOW' if timed.slow else ''}",
        flush=True,
    )
    return timed


async def with_second(client: httpx.AsyncClient, tally: Tally, path: str, rounds: int) -> list[Timed]:
    """A page and, where it leads to one, its second page."""
    found = [await measure(client, tally, path, rounds)]
    text = (await client.get(path)).text
    if following := re.search(r'rel="next" href="([^"]+)"', text):
        found.append(await measure(client, tally, following[1].replace("&amp;", "&"), rounds))
    return found


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured of one database; seconds, and what a page takes while nothing is counted yet."""

    name: str
    messages: int
    chats: int
    rounds: int
    load: tuple[float, float]
    groups: Mapping[str, Sequence[Timed]]
    counting_s: float
    uncounted_ms: Mapping[str, float]
    gaps_ms: Sequence[float]

    @property
    def slow(self) -> list[Timed]:
        """The pages that miss the goal."""
        return [page for pages in self.groups.values() for page in pages if page.slow]


async def measure_all(database: Database, settings: Settings, keys: Keys, rounds: int) -> Results:
    """Ask for every page `rounds` times."""
    load = os.getloadavg()[0]
    async with database.begin() as session:
        token = await sessions.start(session, 1)
        chat, message = (
            await session.execute(select(Thread.chat, Thread.head).where(Thread.id == SHOWN))
        ).one()
        messages = await session.scalar(select(func.count()).select_from(Message)) or 0
        chats = await session.scalar(select(func.count()).select_from(Chat)) or 0
        await session.execute(delete(Counted))
    name = "PostgreSQL" if database.engine.dialect.name == "postgresql" else "SQLite"
    print(f"{name}, {messages:,} messages in {chats:,} chats")
    transport = httpx.ASGITransport(create_app(settings, database, keys))
    tally = Tally(database)
    cookies = {"desmi_session": token}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", cookies=cookies, timeout=600
    ) as client:
        print(
            f"\n{'page':76} {'first':>8} {'least':>8} {'median':>8} {'p95':>8} {'cpu':>6}  ms, statements, transactions"
        )
        uncounted = {
            path: (await measure(client, tally, path, 1)).times[0]
            for path in ("/numbers?days=30", "/numbers?days=365")
        }
        started = time.monotonic()
        await recount(database)
        counting_s = time.monotonic() - started
        print(f"counted every table in {counting_s:.1f} s", flush=True)
        groups: dict[str, list[Timed]] = {}
        for group, paths in console_pages.groups(chat, message or 0, time.time()).items():
            groups[group] = [
                page for path in paths for page in await with_second(client, tally, path, rounds)
            ]
        gaps = [(await measure(client, tally, "/numbers/gaps?days=30", 1)).times[0] for _ in range(2)]
    return Results(
        name, messages, chats, rounds, (load, os.getloadavg()[0]), groups, counting_s, uncounted, gaps
    )


def section(results: Results) -> str:
    """The figures of one database as a section of the report."""
    pages = [page for group in results.groups.values() for page in group]
    head = f"## {results.name}, {round(results.messages, -4):,} messages in {results.chats:,} chats"
    slow = len(results.slow)
    goal = "no page was above the goal" if not slow else f"{slow} of {len(pages)} pages were above the goal"
    lines = [
        head, "",
        f"Measured on {datetime.now(UTC).date()}, each page {results.rounds} times, on {os.cpu_count()} cores "
        f"({platform.machine()}) with a load of {results.load[0]:.1f} at the beginning and {results.load[1]:.1f} at the end: "
        f"**{goal}**.", "",
        "| pages | number | least, best to worst page | median of their medians | worst median | worst p95 | processor | statements | transactions |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for name, group in results.groups.items():
        least = [page.times[0] for page in group]
        medians = [page.median for page in group]
        span = f"{min(least):.0f}–{max(least):.0f}"
        lines.append(
            f"| {name} | {len(group)} | {span} | {statistics.median(medians):.0f} | {max(medians):.0f} | "
            f"{max(page.p95 for page in group):.0f} | {max(page.cpu for page in group):.0f} | {_span([p.statements for p in group])} | "
            f"{_span([p.transactions for p in group])} |"
        )
    cold = ", ".join(f"`{path}` {ms / 1000:.1f} s" for path, ms in results.uncounted_ms.items())
    first, second = results.gaps_ms
    lines += [
        "",
        f"Times in milliseconds; processor: what the application itself worked for the dearest page. Counting every table of the numbers in the background took {results.counting_s:.1f} s. Where nothing was "
        f"counted yet, in the first moments after the first start, the page counts for itself: {cold}. Grouping what has no topic "
        f"(`/numbers/gaps`, 300 messages by their meaning) took {first / 1000:.1f} s the first time and {second / 1000:.1f} s "
        "once their vectors were known.",
    ]
    if results.slow:
        worst = sorted(results.slow, key=lambda page: -page.median)[:WORST]
        lines += ["", f"The {len(worst)} slowest of them:" if slow > len(worst) else "Above the goal:", ""]
        lines += [
            f"- `{p.path}`: median {p.median:.0f}, p95 {p.p95:.0f}, least {p.times[0]:.0f}, processor {p.cpu:.0f}"
            for p in worst
        ]
    return "\n".join(lines) + "\n"


def _span(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else f"{min(values)}–{max(values)}"


def write(path: Path, results: Results) -> None:
    """Put a database's section in the place of its old one; what else stands in the page is left."""
    text = path.read_text("utf-8")
    old = re.search(rf"^## {results.name}, .*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    new = section(results)
    path.write_text(
        f"{text.rstrip()}\n\n{new}" if old is None
        else text[: old.start()] + new + ("\n" if old.end() < len(text) else "") + text[old.end() :],
        "utf-8",
    )  # fmt: skip


async def main(arguments: Sequence[str] | None = None) -> bool:
    """Fill what is lacking, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--url", default="", help="A database; SQLite in a temporary folder if not given.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="Times that each page is asked for.")
    parser.add_argument("--write", action="store_true", help=f"Write the figures to {OUTPUT.name}.")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="desmi-bench-") as folder:
        settings = Settings(
            _env_file=None, data_dir=Path(folder), database_url=chosen.url, secret_key="kunci ukuran " * 3
        )
        keys = load_keys(settings)
        database = open_database(settings.database(), keys)
        try:
            await upgrade(database.engine)
            await console_data.fill(database, keys, chosen.messages // console_data.PER_CHAT)
            results = await measure_all(database, settings, keys, chosen.rounds)
        finally:
            await database.close()
    print(f"\n{len(results.slow)} above the goal of {MEDIAN_MS} ms (median) and {P95_MS} ms (p95)")
    if chosen.write:
        write(OUTPUT, results)
    return not results.slow


if __name__ == "__main__":
    raise SystemExit(0 if asyncio.run(main()) else 1)
