"""Help now: the live list, taking, answering with canned sentences, giving back; each change audited."""

import json

import pytest
from sqlalchemy import select

from console import help_now
from core import handover
from core.canned_replies import canned_replies, said_in
from core.languages import LANGUAGES, translator
from core.storage import Database
from core.storage.handovers import Handover
from core.storage.models import Message, Outgoing
from core.storage.staff import Audit
from core.storage.types import now
from tests.console.conftest import SignIn
from tests.console.world import World


async def asks(world: World, number: int, **values: object) -> tuple[str, int]:
    """Somebody who said something and then asked for a person; pseudonym and number of the handover."""
    chat = await world.chat(number, **values)
    await world.says(chat, f"cerita nomor {number}", "money/salary")
    async with world.database.begin() as session:
        return chat, (await handover.ask(session, chat, now(), f"tentang gaji {number}", "money/salary")).id


async def audited(database: Database, chat: str) -> list[str]:
    async with database.read() as session:
        rows = await session.scalars(select(Audit).where(Audit.name == chat).order_by(Audit.id))
        return [f"{row.staff} {row.action}" for row in rows]


async def test_taking_answering_and_closing(world: World, sign_in: SignIn, database: Database) -> None:
    chat, number = await asks(world, 1, language="en")
    ani = await sign_in("reviewer", name="ani")
    page = (await ani.get("/help-now")).text
    assert chat[:8] in page
    assert "tentang gaji" not in page, "what was said is read, and audited, in the conversation"
    assert "Senin" in page
    taken = await ani.post(f"/help-now/{number}/take")
    assert taken.headers["location"] == f"/chats/{chat}?back=/help-now#reply"
    shown = (await ani.get(f"/chats/{chat}")).text
    assert "tentang gaji 1" in shown
    canned = said_in(translator("en"), "safe_now")
    assert canned in shown, "in the person's language"
    await ani.post(f"/help-now/{number}/reply", {"canned": "safe_now", "text": "<b>Halo</b>"})
    async with database.read() as session:
        said = (await session.scalars(select(Message).where(Message.kind == "staff"))).one()
        calls = [row.call for row in await session.scalars(select(Outgoing).order_by(Outgoing.id))]
    assert said.text.endswith(f"{canned}\n\n<b>Halo</b>")
    assert calls[-1]["reply"]["text"] == said.text
    assert "&lt;b&gt;Halo" in (await ani.get(f"/chats/{chat}")).text
    closed = await ani.post(f"/help-now/{number}/close", {"outcome": "referred"})
    assert closed.headers["location"] == "/help-now"
    async with database.read() as session:
        row = await session.get_one(Handover, number)
    assert (row.state, row.outcome, row.staff_name) == ("closed", "referred", "ani")
    assert await audited(database, chat) == ["ani take", "ani view", "ani reply", "ani view", "ani close"]


async def test_what_cannot_be_done_is_said(world: World, sign_in: SignIn, database: Database) -> None:
    chat, number = await asks(world, 1)
    ani, budi = await sign_in("reviewer", name="ani"), await sign_in("reviewer", name="budi")
    await ani.post(f"/help-now/{number}/take")
    refused = await budi.post(f"/help-now/{number}/reply", {"text": "halo"})
    assert refused.status_code == 409
    assert "petugas lain" in refused.text
    assert (await ani.post(f"/help-now/{number}/reply", {"text": " "})).status_code == 409
    assert (await ani.post(f"/help-now/{number}/reply", {"canned": "nothing"})).status_code == 400
    assert (await ani.post(f"/help-now/{number}/close", {"outcome": "x"})).status_code == 409
    assert (await ani.post("/help-now/9999/take")).status_code == 409
    assert await audited(database, chat) == ["ani take"]


async def test_danger_stands_first(world: World, sign_in: SignIn) -> None:
    first, _number = await asks(world, 1)
    danger, _number = await asks(world, 2, danger="help/abuse", danger_at=now())
    browser = await sign_in("reviewer")
    part = (await browser.get("/help-now/list")).text
    assert part.index(danger[:8]) < part.index(first[:8])
    assert "Bahaya" in part
    assert "<html" not in part


async def test_a_conversation_without_a_handover_has_no_panel(world: World, sign_in: SignIn) -> None:
    chat = await world.chat(3)
    await world.says(chat, "halo")
    browser = await sign_in("reviewer")
    assert "/help-now/" not in (await browser.get(f"/chats/{chat}")).text.replace('href="/help-now"', "")


async def test_listeners_are_told_of_each_change(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_now, "LOOK_S", 0.01)
    events = help_now.changes(database, 30.0)
    assert await anext(events) == "retry: 1000\n\n"

    async def heard() -> dict[str, int]:
        name, data, *_empty = (await anext(events)).split("\n")
        assert name == "event: queue"
        found: dict[str, int] = json.loads(data.removeprefix("data: "))
        return found

    assert (await heard())["waiting"] == 0
    await asks(world, 1, danger="help/abuse", danger_at=now())
    told = await heard()
    assert (told["waiting"], told["urgent"], told["open"]) == (1, 1, 0)
    await events.aclose()


async def test_the_stream_is_for_staff_and_ends(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_now.changes, "__defaults__", (0.0,))
    browser = await sign_in("reviewer")
    stream = await browser.get("/help-now/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert "event: queue" in stream.text


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_canned_replies_have_their_numbers_filled_in(language: str) -> None:
    for name in canned_replies():
        assert "[[" not in said_in(translator(language), name)
        assert len(said_in(translator(language), name)) < handover.MAX_CHARS


@pytest.mark.parametrize("language", [code for code, language in LANGUAGES.items() if not language.reviewed])
def test_safety_is_said_in_indonesian_too(language: str) -> None:
    t, source = translator(language), translator("id")
    for name, text in canned_replies().items():
        assert t.gettext(text) != text, name
    for name in ("safe_now", "where", "since_when", "documents", "call"):
        assert said_in(t, name).endswith("\n\n" + said_in(source, name))
    assert said_in(source, "call").count("\n") == 0
