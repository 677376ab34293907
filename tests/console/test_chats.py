"""One conversation: what the person saw, what was understood, and what staff do with it."""

import re

import pytest
from sqlalchemy import select

from core.storage import Database
from core.storage.models import Chat, Outgoing
from core.storage.review import ThreadNote
from core.storage.staff import Audit
from tests.console.conftest import SignIn
from tests.console.world import World, ago

ADDRESS = 6281234567


async def _conversation(world: World) -> str:
    chat = await world.chat(ADDRESS)
    said = await world.says(chat, "bikin paspor <b>gimana</b>", at=ago(minutes=9))
    shown = {
        "buttons": [["👍 Ya", "👎 Tidak"], ["⬅️ Menu utama"]],
        "venue": {"title": "Desa Lembah", "address": "Kab. Ponorogo", "lat": -7.8123, "lon": 111.4567},
        "sources": [{"title": "Syarat paspor", "publisher": "Imigrasi", "date": "2026-03"}],
    }
    answer = await world.answers(chat, "Siapkan KTP.", said, feedback=-1, shown=shown)
    async with world.database.begin() as session:
        session.add(Outgoing(chat=chat, message=answer, call={}, state="failed"))
    await world.says(chat, "1:t:documents/passport", None, kind="tap")
    await world.says(chat, "", None, kind="location", shown={"lat": -7.81, "lon": 111.46})
    await world.says(chat, "[voice]", None, kind="other")
    await world.says(chat, "asdf", "bot/out_of_scope", 0.04, missed=True)
    return chat


async def test_bubbles_show_what_the_person_saw(world: World, sign_in: SignIn) -> None:
    chat = await _conversation(world)
    text = (await (await sign_in("reviewer")).get(f"/chats/{chat}")).text
    for part in (
        "bikin paspor &lt;b&gt;gimana&lt;/b&gt;", "Siapkan KTP.", "👎 Tidak", "Desa Lembah", "-7.8123, 111.4567",
        "Sumber: Syarat paspor (Imigrasi, 2026-03)", "gagal dikirim", "dinilai tidak membantu", "97%",
        "tidak dimengerti", "Menekan tombol: ", "Membagikan lokasi", "-7.81, 111.46", "[voice]", "0,2 s",
    ):  # fmt: skip
        assert part in text, part


async def test_a_page_names_nobody(world: World, sign_in: SignIn) -> None:
    chat = await _conversation(world)
    browser = await sign_in("admin")
    for path in (f"/chats/{chat}", "/inbox", "/audit"):
        assert str(ADDRESS) not in (await browser.get(path)).text


async def test_each_look_is_on_record(world: World, sign_in: SignIn, database: Database) -> None:
    chat = await _conversation(world)
    browser = await sign_in("reviewer", name="ani")
    await browser.get(f"/chats/{chat}")
    await browser.get(f"/chats/{chat}")
    async with database.read() as session:
        looks = (await session.scalars(select(Audit).where(Audit.action == "view"))).all()
    assert [(row.staff, row.kind, row.name) for row in looks] == [("ani", "chat", chat)] * 2


async def test_status_assignee_tags_and_notes(world: World, sign_in: SignIn, database: Database) -> None:
    chat = await _conversation(world)
    browser = await sign_in("reviewer", name="ani")
    await browser.get(f"/chats/{chat}")
    base = f"/chats/{chat}"
    await browser.post(f"{base}/assign", {"staff": "ani"})
    await browser.post(f"{base}/tags", {"tag": " Sudah Ditelepon "})
    await browser.post(f"{base}/tags", {"tag": "<script>"})
    await browser.post(f"{base}/notes", {"text": "Telepon besok <pagi>"})
    text = (await browser.get(base)).text
    assert '<option value="ani" selected>' in text
    assert "<span>sudah ditelepon</span>" in text
    assert "script&gt;" not in text.split('class="card"', 1)[1]
    assert "Telepon besok &lt;pagi&gt;" in text
    await browser.post(f"{base}/tags", {"tag": "sudah ditelepon", "remove": "yes"})
    await browser.post(f"{base}/assign", {"staff": ""})
    await browser.post(f"{base}/done")
    text = (await browser.get(base)).text
    assert "<span>sudah ditelepon</span>" not in text
    assert "Buka lagi" in text
    await browser.post(f"{base}/done", {"done": "no"})
    async with database.read() as session:
        actions = (
            await session.scalars(select(Audit.action).where(Audit.kind == "chat").order_by(Audit.id))
        ).all()
        stored = (await session.execute(select(ThreadNote.__table__.c.staff))).scalars().all()
    assert [a for a in actions if a != "view"] == [
        "assign",
        "tag",
        "note",
        "untag",
        "assign",
        "done",
        "reopen",
    ]
    assert stored == ["ani"]


async def test_long_conversations_have_pages(world: World, sign_in: SignIn) -> None:
    chat = await world.chat(1)
    moment = ago(hours=1)
    for number in range(170):
        await world.says(chat, f"pesan {number} x", at=moment)  # all at one moment
    browser = await sign_in("reviewer")
    seen: list[int] = []
    path = f"/chats/{chat}"
    while path:
        text = (await browser.get(path)).text
        assert len(text.encode()) < 150_000
        seen = [int(n) for n in re.findall(r"pesan (\d+) x", text)] + seen
        before = re.search(r'href="(/chats/\w+\?before=[^"]+)"', text)
        path = before[1].replace("&amp;", "&") if before else ""
    assert seen == list(range(170))


@pytest.mark.parametrize("path", ["", "/done", "/tags", "/notes", "/assign"])
async def test_a_chat_that_is_gone_is_not_found(sign_in: SignIn, path: str) -> None:
    browser = await sign_in("reviewer")
    call = browser.post if path else browser.get
    assert (await call(f"/chats/{'a' * 24}{path}")).status_code == 404


async def test_notes_and_tags_go_with_the_chat(world: World, sign_in: SignIn, database: Database) -> None:
    chat = await _conversation(world)
    browser = await sign_in("reviewer")
    await browser.get(f"/chats/{chat}")
    await browser.post(f"/chats/{chat}/notes", {"text": "rahasia"})
    async with database.begin() as session:
        await session.delete(await session.get_one(Chat, chat))
    async with database.read() as session:
        assert not (await session.scalars(select(ThreadNote.id))).all()
