"""No query of the inbox and the conversation runs without an index, on either database."""

import re
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from core.storage import Database
from core.threads import REASONS
from tests.console.conftest import SignIn
from tests.console.world import World, ago

GROWING = ("messages", "threads", "message_words", "thread_tags", "thread_notes", "chats", "outbox", "audit")
"""Tables that grow with use; the others stay small enough to be read whole."""

FILTERS = (
    "",
    "order=newest",
    "status=all",
    "status=all&order=newest",
    "status=done",
    "status=working",
    *(f"reason={reason}" for reason in REASONS),
    "topic=documents%2F",
    "topic=documents%2Fpassport&status=all&order=newest",
    "below=30",
    "language=jv",
    "regency=35.02",
    "danger=any",
    "feedback=down",
    "staff=admin.satu",
    "staff=nobody",
    "tag=dicek",
    "since=2026-01-01&until=2026-01-02&status=all",
    "topic=money%2F&below=50&since=2026-01-01",
    "q=paspor",
    "q=paspor+hilang&status=all&order=newest",
    "q=paspor&topic=documents%2F&below=50",
)


class Statements:
    """The SELECTs that an engine is asked, with their parameters."""

    def __init__(self, database: Database) -> None:
        self.seen: dict[str, Any] = {}
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if statement.lstrip().startswith("SELECT"):
            self.seen.setdefault(statement, parameters)


async def _plan(database: Database, statement: str, parameters: Any) -> str:
    postgres = database.engine.dialect.name == "postgresql"
    async with database.engine.connect() as connection:
        if postgres:
            # what is still read whole then has no index that fits
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
        rows = (await connection.exec_driver_sql(explain + statement, parameters)).all()
    return "\n".join(str(row[-1]) for row in rows)


def whole_reads(plan: str, *, limited: bool = True) -> list[str]:
    """Tables of `GROWING` that a plan reads whole, row by row; `limited` says that the query stops early."""
    names = "|".join(GROWING)
    found = re.findall(rf"Seq Scan on ({names})\b", plan)
    # row after row in an order that is there already, up to a limit, is what a list is; of messages never
    stops = limited and "TEMP B-TREE" not in plan
    for name, how in re.findall(rf"^ *SCAN ({names})\b(.*)", plan, re.MULTILINE):
        if name in ("messages", "message_words") or not (stops or " INDEX " in how):
            found.append(name)
    return found


@pytest.fixture
async def chat(world: World) -> str:
    """A conversation among others."""
    names = [await world.chat(number) for number in range(6)]
    for name in names:
        said = await world.says(name, "paspor saya hilang", confidence=0.3, at=ago(days=2))
        await world.answers(name, "Jawaban", said, feedback=-1)
    return names[0]


async def test_every_query_has_an_index(chat: str, sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("admin")
    statements = Statements(database)
    paths = [*(f"/inbox?{query}" for query in FILTERS), "/inbox/new?opened=0&q=paspor", f"/inbox?q={chat}"]
    after = "WzIsMTc2MDAwMDAwMC4wLDNd"  # [2, 1760000000.0, 3]
    paths += [
        f"/inbox?after={after}",
        f"/inbox?status=all&after={after}",
        f"/chats/{chat}",
        "/retention",
        "/audit",
    ]
    for path in paths:
        assert (await browser.get(path)).status_code == 200, path
    assert len(statements.seen) > len(FILTERS)
    wrong = [
        f"{tables}: {statement}\n{plan}"
        for statement, parameters in list(statements.seen.items())
        if (
            tables := whole_reads(
                plan := await _plan(database, statement, parameters), limited="LIMIT" in statement
            )
        )
    ]
    assert not wrong, "\n\n".join(wrong)


def test_a_plan_without_an_index_is_noticed() -> None:
    assert whole_reads("  ->  Seq Scan on messages  (cost=0)") == ["messages"]
    assert whole_reads("SCAN threads", limited=False) == ["threads"]
    assert whole_reads("SCAN threads\nUSE TEMP B-TREE FOR ORDER BY") == ["threads"]
    assert whole_reads("SCAN audit") == []
    assert whole_reads("SCAN threads USING INDEX ix_threads_inbox\nSEARCH messages USING INDEX x") == []
    assert whole_reads("SCAN messages USING COVERING INDEX ix_messages_at") == ["messages"]
    assert whole_reads("Seq Scan on staff") == []
