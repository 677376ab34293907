"""The retention screen, export and erasure of one conversation."""

from sqlalchemy import delete, select, update

from core import demo
from core.storage import Database
from core.storage.models import Chat, Fact, Message, Outgoing
from core.storage.review import Erasure, Purge
from core.storage.staff import Audit
from tests.console.conftest import SignIn
from tests.console.world import World, ago


async def test_what_is_due_is_counted_down(world: World, sign_in: SignIn, database: Database) -> None:
    chat = await world.chat(1)
    await world.says(chat, "lama", at=ago(days=179.9))
    await world.says(chat, "baru", at=ago(days=3))
    async with database.begin() as session:
        session.add(Purge(before=ago(days=180), messages=12345, chats=6, events=78))
    browser = await sign_in("reviewer")
    text = (await browser.get("/retention")).text
    assert "180 hari" in text
    assert "12.345" in text
    assert "0 hari lagi sebelum dihapus" in text
    assert "Dihapus 176 hari lagi" in (await browser.get(f"/chats/{chat}")).text


async def test_only_administrators_export_and_erase(
    world: World, sign_in: SignIn, database: Database
) -> None:
    chat = await world.chat(1)
    await world.says(chat, "paspor saya")
    editor = await sign_in("editor")
    assert "Ekspor" not in (await editor.get(f"/chats/{chat}")).text
    for what in ("export", "erase"):
        assert (await editor.post(f"/chats/{chat}/{what}", {"sure": "yes"})).status_code == 403
    admin = await sign_in("admin", name="ani")
    assert "Ekspor" in (await admin.get(f"/chats/{chat}")).text
    exported = await admin.post(f"/chats/{chat}/export")
    assert exported.json()["messages"][0]["text"] == "paspor saya"
    assert "attachment" in exported.headers["content-disposition"]
    assert (await admin.post(f"/chats/{chat}/erase")).headers["location"] == f"/chats/{chat}"
    assert (await admin.post(f"/chats/{chat}/erase", {"sure": "yes"})).headers["location"] == "/retention"
    assert (await admin.post(f"/chats/{chat}/erase", {"sure": "yes"})).status_code == 404
    assert (await admin.get(f"/chats/{chat}")).status_code == 404
    assert (await admin.get("/inbox")).text.count('class="thread"') == 0
    waiting = (await admin.get("/retention")).text
    assert "Menunggu bot" in waiting
    assert chat[:8] in waiting
    async with database.begin() as session:
        # what the bot needs for taking its messages out of the chat, and no more
        assert not (await session.scalars(select(Message.id))).all()
        assert [row.call for row in await session.scalars(select(Outgoing))] == [{"method": "erase"}]
        await session.execute(update(Erasure).values(at=ago(minutes=6)))
    assert "belum dikerjakan" in (await admin.get("/retention")).text
    async with database.begin() as session:
        await session.execute(delete(Chat))
    assert "Menunggu bot" not in (await admin.get("/retention")).text
    assert (await admin.post(f"/chats/{chat}/export")).status_code == 404
    async with database.read() as session:
        rows = (
            await session.scalars(select(Audit.action).where(Audit.kind == "chat").order_by(Audit.id))
        ).all()
    assert [action for action in rows if action != "view"] == ["export", "erase"]


async def test_an_invented_conversation_goes_at_once(
    world: World, sign_in: SignIn, database: Database
) -> None:
    chat = await world.chat(1, channel="demo")
    await world.says(chat, "paspor saya")
    async with database.begin() as session:
        session.add(Fact(key=demo.FACT, value="1"))
    admin = await sign_in("admin")
    await admin.get(f"/chats/{chat}")
    assert (await admin.post(f"/chats/{chat}/erase", {"sure": "yes"})).status_code == 303
    async with database.read() as session:
        assert not (await session.scalars(select(Chat.id))).all()
