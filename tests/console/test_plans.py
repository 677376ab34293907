"""No query of the console reads a growing table whole, on either database.

Every page of every screen is asked for, with every filter, and the plan of each of its statements is read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, event, insert, select, text
from sqlalchemy.engine import Connection

from benchmarks.console_pages import groups, inbox
from console import signing_in
from console.screens import FURTHER, SCREENS
from core.consent import SetConsent
from core.handover import ask
from core.keys import Keys
from core.statistics.counts import PERIODS
from core.storage import Database
from core.storage.cases import Report
from core.storage.learning import Correction
from core.storage.models import Base, Update
from core.storage.reminders import Reminder
from core.storage.review import ThreadNote, ThreadTag
from core.storage.types import now
from core.threads import thread_of
from tests.console.conftest import SignIn
from tests.console.world import World, ago

STAYS_SMALL = frozenset(
    {
        *("areas", "centres", "offices", "agencies"),  # as large as the country and the lists
        *("staff", "staff_sessions", "login_attempts", "saved_filters"),  # as many as the staff
        *("answer_drafts", "hotline_drafts", "candidates"),  # what editors made by hand
        *("purges", "scores", "counted", "facts", "erasures"),  # some a day at most, or what is still to be done
    }
)  # fmt: skip
"""Tables that may be read whole. Any other one grows with use, also one that is added later."""
COUNTS: Mapping[str, str] = {
    "/numbers": "counts a period; done beside the pages, by the page only where nothing was counted yet",
    "/numbers/{table}.csv": "the same",
    "/content": "how often each answer was asked for: two of the same tables",
    "/numbers/gaps": "the newest messages of a period that were not understood, up to a limit",
    "/retention": "what the next nights delete, from an index alone",
    "/inbox": "the filter by date",
}
"""Pages that by their nature read what was said in a period, and why; they must find it by an index on the time."""
TIMES = frozenset({"at", "asked_at", "day"})
WHOLE: Mapping[str, tuple[str, ...]] = {
    # for the regency of each: one row a person; done beside the pages, as above
    "threads": ("/numbers", "/numbers/{table}.csv"),
    # made by hand, one by one: each new one is compared with all that was taught, and whose writer took the consent
    # back may be any
    "corrections": ("/learn/diff", "correct"),
}
"""Growing tables that some pages must read whole, and why."""
WEAK = frozenset({"direction", "missed", "kind", "language"})
"""Columns with few values: an index that is entered by these alone is read for a good part."""
LIVE = frozenset({"ix_handovers_live"})
"""Indexes of no more than what staff have in hand."""

EXAMPLES = {"theme": ("documents",), "name": ("passport",), "place": ("0",), "line": ("bp2mi",),
            "table": ("centres", "offices", "agencies", "all", "topic", "regency")}  # fmt: skip
"""What stands for the parts of an address, beside `chat`, `message` and `number`."""
MANY = 150


@dataclass
class Statements:
    """What an engine is asked while a page is asked for: each statement with its parameters and its pages."""

    database: Database
    page: str = ""
    seen: dict[str, tuple[Any, set[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Listen."""
        event.listen(self.database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if self.page and re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)\b", statement):
            self.seen.setdefault(statement, (parameters, set()))[1].add(self.page)


@dataclass(frozen=True)
class Scan:
    """How a plan reads a table: the columns by which its index is entered (none: read whole), the index if known,
    whether rows come in an order that is there already and only until a limit, whether some are thrown away."""

    table: str
    columns: frozenset[str] = frozenset()
    index: str = ""
    limited: bool = False
    filtered: bool = True


def scans_of_sqlite(plan: str, statement: str) -> Iterator[Scan]:
    """From the lines of EXPLAIN QUERY PLAN."""
    limited = "LIMIT" in statement and "TEMP B-TREE" not in plan
    for how, name, rest in re.findall(r"^ *(SCAN|SEARCH) (\w+?)(?:_\d+)?\b(.*)", plan, re.MULTILINE):
        known = {"rowid", *(Base.metadata.tables[name].c.keys() if name in Base.metadata.tables else ())}
        columns = known & set(re.findall(r"\w+", rest.partition("(")[2]))
        index = found[1] if (found := re.search(r"INDEX (\w+)", rest)) else ""
        # a search without a condition is the first or the last entry of an index: min or max
        first = how == "SEARCH" and not columns
        yield Scan(name, frozenset(columns), index, limited or first, "WHERE" in statement and not first)


def scans_of_postgresql(node: Mapping[str, Any], limited: bool = False) -> Iterator[Scan]:
    """From a node of EXPLAIN's JSON."""
    kind, below = node["Node Type"], node.get("Plans", [])
    if "Relation Name" in node and kind != "ModifyTable":
        entered = list(_entered(node))
        words = re.findall(r"\w+", " ".join(re.sub(r"'[^']*'", "", cond) for cond, _index in entered))
        columns = frozenset(words) & frozenset(Base.metadata.tables[node["Relation Name"]].c.keys())
        yield Scan(
            node["Relation Name"], columns, entered[0][1] if entered else "", limited, "Filter" in node
        )
    for place, child in enumerate(below):
        passes = kind in ("Limit", "Subquery Scan", "Result", "LockRows", "Nested Loop", "ModifyTable")
        yield from scans_of_postgresql(child, (limited or kind == "Limit") and passes and place == 0)


def _entered(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Condition and name of each index that a scan uses."""
    if "Index Name" in node:
        yield node.get("Index Cond", ""), node["Index Name"]
    for child in node.get("Plans", []) if node["Node Type"].startswith("Bitmap") else []:
        yield from _entered(child)


def wrong(scan: Scan, pages: set[str]) -> bool:
    """Whether a scan reads a growing table whole, or a good part of it that its pages do not ask for."""
    if scan.table in STAYS_SMALL or scan.table not in Base.metadata.tables or scan.index in LIVE:
        return False
    by = scan.columns - WEAK
    if by - TIMES:
        return False
    if by:
        return not (scan.limited or pages <= COUNTS.keys())
    if pages <= set(WHOLE.get(scan.table, ())):
        return False
    # row after row in the list's order until a page is full: of conversations with any filter, of the rest without one
    return not (scan.limited and (scan.table == "threads" or not scan.filtered))


async def plan_of(database: Database, statement: str, parameters: Any) -> list[Scan]:
    """The scans of a statement's plan."""
    async with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            # what is still read whole then has no index that fits; few rows would all be read into a hash
            for way in ("seqscan", "hashjoin", "mergejoin"):
                await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            (row,) = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            found = row[0] if isinstance(row[0], list) else json.loads(row[0])
            return list(scans_of_postgresql(found[0]["Plan"]))
        rows = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()
    return list(scans_of_sqlite("\n".join(str(row[-1]) for row in rows), statement))


@dataclass(frozen=True)
class Some:
    """What addresses can name."""

    chat: str
    message: int
    handover: int


@pytest.fixture
async def some(world: World, database: Database, keys: Keys) -> Some:
    """A conversation with all that staff do, among many."""
    names = [await world.chat(number) for number in range(4)]
    for place, name in enumerate(names):
        topic = ("documents/passport", "task/find_centre", "money/wages", "documents/ktp")[place]
        said = await world.says(name, "paspor saya hilang", topic, 0.3, at=ago(days=2), regency="32.12")
        await world.says(name, "apa itu", None, 0.1, at=ago(days=1), missed=True)
        for _ in range(2):
            await world.answers(name, "Jawaban", said, feedback=-1)
        async with database.begin() as session:
            await SetConsent(True).apply(session, name, now())
            row = await ask(session, name, now())
            for state in ("waiting", "queued", "learned"):
                session.add(
                    Correction(
                        chat=name, message=said, kind="topic", text="paspor", topic="documents/passport", state=state, staff="a"
                    )
                )  # fmt: skip
            handover = row.id
            thread = await thread_of(session, name)
            session.add(ThreadTag(thread=thread.id, tag="dicek"))
            session.add(ThreadNote(thread=thread.id, staff="a", text="Besok lagi."))
            session.add(Report(number=f"D-{place}", chat=name, taken_from=name, kind="wages", content={}))
            session.add(
                Reminder(
                    chat=name, event="a", kind="medical", moment="day", zone="Asia/Jakarta", due_at=now(), note={}
                )
            )  # fmt: skip
            session.add(Update(bot=1, update_id=place, chat=name, turn={}))
    await _multiply(database)
    return Some(names[-1], said, handover)


async def _multiply(database: Database) -> None:
    """Copies of every row of the growing tables, each an hour earlier, and what the planner knows of them."""
    for table in Base.metadata.sorted_tables:
        if table.name in STAYS_SMALL:
            continue
        async with database.begin() as session:
            rows = (await session.execute(select(table))).mappings().all()
            copies = [
                {column.name: _copied(column, row[column.name], number) for column in table.c}
                for number in range(1, MANY)
                for row in rows
            ]
            if copies:
                await session.execute(insert(table), copies)
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))


def _copied(column: Column[Any], value: Any, number: int) -> Any:
    if column.name == "state" and column.table.name == "handovers":
        return "closed"
    if isinstance(value, datetime):
        return value - timedelta(hours=number)
    target = next(iter(column.foreign_keys), None)
    if (column.table.name == "chats" and column.name == "id") or (
        target and target.column.table.name == "chats"
    ):
        return f"{value[:16]}{number:08}"
    if column.unique:
        return f"{value}-{number}"
    of_another = target is not None and target.column.table.name in STAYS_SMALL
    numbered = column.primary_key or target or column.name in ("head", "reply_to", "message")
    if isinstance(value, int) and numbered and not of_another and column.name != "word":
        return value + 1_000 * number
    return value


def addresses(some: Some) -> Iterator[tuple[str, str]]:
    """Each page that can be opened, by its route: the benchmark's list, then what the routes themselves say."""
    routes = [*signing_in.PAGES, *FURTHER, *(page for screen in SCREENS for page in screen.pages)]
    gets = [page.path for page in routes if "GET" in page.methods and not page.path.endswith("/events")]
    patterns = [
        (re.compile(re.sub(r"{\w+(:int)?}", r"[^/]+", path).replace(".", r"\.") + "$"), path) for path in gets
    ]
    for group in groups(some.chat, some.message, 1e9).values():
        for address in group:
            path = address.partition("?")[0]
            yield next(route for pattern, route in patterns if pattern.match(path)), address
    after = "WzIsMTc2MDAwMDAwMC4wLDNd"  # [2, 1760000000.0, 3]
    for status in ("open", "all"):
        yield "/inbox", f"/inbox?status={status}&after={after}"
    yield "/audit", "/audit?after=WzEwMDBd"  # [1000]
    yield "/chats/{chat}", f"/chats/{some.chat}?before=WzEwMDBd"
    for days in PERIODS:
        yield "/numbers/gaps", f"/numbers/gaps?days={days}"
    known = {"chat": [some.chat], "message": [str(some.message)], **EXAMPLES}
    for path in gets:
        names = re.findall(r"{(\w+)(?::int)?}", path)
        assert set(names) <= known.keys(), f"{path}: say in EXAMPLES what stands for {names}"
        for place in range(max((len(known[name]) for name in names), default=1)):
            filled = path
            for name in names:
                filled = re.sub(rf"{{{name}(:int)?}}", known[name][place % len(known[name])], filled)
            yield path, filled


def changes(some: Some) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What staff do to a conversation, in an order in which each can be done."""
    chat, help_now = f"/chats/{some.chat}", f"/help-now/{some.handover}"
    yield "done", f"{chat}/done", {"done": "yes"}
    yield "assign", f"{chat}/assign", {"staff": "admin.satu"}
    yield "tag", f"{chat}/tags", {"tag": "dicek"}
    yield "note", f"{chat}/notes", {"text": "Sudah ditelepon."}
    yield "take", f"{help_now}/take", {}
    yield "reply", f"{help_now}/reply", {"text": "Halo"}
    yield "close", f"{help_now}/close", {"outcome": "solved"}
    yield "correct", f"/messages/{some.message}/correct", {"what": "outside"}
    yield "export", f"{chat}/export", {}
    yield "erase", f"{chat}/erase", {"sure": "yes"}


async def test_every_query_has_an_index(some: Some, sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("admin")
    statements = Statements(database)
    for route, address in dict.fromkeys(addresses(some)):
        statements.page = route
        response = await browser.get(address)
        # some examples fit one of two routes; none may fail
        assert response.status_code in (200, 204, 303, 404), (address, response.status_code)
    for name, address, form in changes(some):
        statements.page = name
        response = await browser.post(address, form)
        assert response.status_code in (200, 303), (address, response.status_code)
    statements.page = ""
    assert len(statements.seen) > len(inbox())
    found = []
    for statement, (parameters, pages) in statements.seen.items():
        bad = [scan for scan in await plan_of(database, statement, parameters) if wrong(scan, pages)]
        if bad:
            found.append(f"{sorted(pages)}: {bad}\n{statement}")
    assert not found, "\n\n".join(found)


def test_a_plan_without_an_index_is_noticed() -> None:
    inbox_pages, other = {"/inbox"}, {"/audit"}

    def bad(plan: str, statement: str = "SELECT", pages: set[str] = other) -> list[str]:
        return [scan.table for scan in scans_of_sqlite(plan, statement) if wrong(scan, pages)]

    assert bad("SCAN threads") == ["threads"]
    assert bad("SCAN threads USING INDEX ix_threads_inbox", "SELECT LIMIT 1", inbox_pages) == []
    assert bad("SCAN threads\nUSE TEMP B-TREE FOR ORDER BY", "SELECT LIMIT 1", inbox_pages) == ["threads"]
    assert bad("SCAN audit", "SELECT LIMIT 1") == []
    assert bad("SCAN audit", "SELECT WHERE LIMIT 1") == ["audit"]
    assert bad("SEARCH messages_1 USING INDEX x (direction=?)") == ["messages"]
    assert bad("SEARCH messages USING INDEX x (direction=? AND at>? AND at<?)") == ["messages"]
    assert bad("SEARCH messages USING INDEX x (direction=? AND at>? AND at<?)", pages=inbox_pages) == []
    assert bad("SEARCH messages USING INDEX x (chat=?)\nSCAN staff") == []
    assert bad("SCAN messages USING COVERING INDEX ix_messages_at") == ["messages"]
    scan: dict[str, Any] = {"Node Type": "Index Scan", "Relation Name": "audit", "Index Name": "pk_audit"}
    limited = {"Node Type": "Limit", "Plans": [scan]}
    sort = {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Plans": [scan]}]}
    filtered = {"Node Type": "Limit", "Plans": [{**scan, "Filter": "(staff = 'at')"}]}
    named = {**scan, "Index Cond": "((staff)::text = 'at'::text)"}
    for plan, seen in ((scan, True), (limited, False), (sort, True), (filtered, True), (named, False)):
        assert [wrong(one, other) for one in scans_of_postgresql(plan)] == [seen], plan
