"""The inbox: worst first, filters that do not lie, paging, search, saved filters."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from console.app import create_app
from console.filters import Filter
from console.inbox_rows import NEW_SHOWN
from core import threads
from core.backfill import backfill
from core.keys import Keys
from core.storage import Database
from core.storage.models import Message
from core.storage.review import MessageWord, SavedFilter, Thread
from core.storage.staff import Staff
from tests.conftest import SettingsFactory
from tests.console.conftest import Browser, SignIn
from tests.console.world import World, ago


def listed(text: str) -> list[str]:
    """Pseudonyms on a page of the list, in order."""
    return re.findall(r'<a class="thread" href="/chats/(\w+)\?', text)


def counted(text: str) -> dict[str, int]:
    """Counts of the tabs."""
    found = re.findall(r'<a class="(\w+)" href="/inbox\?reason=\w+">[^<]+<b>(\d+)</b>', text)
    return {name: int(number) for name, number in found}


async def all_pages(browser: Browser, query: str) -> list[str]:
    """Every page of a filter, by its links."""
    seen: list[str] = []
    path: str | None = f"/inbox?{query}"
    while path:
        text = (await browser.get(path)).text
        seen += listed(text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        path = following[1].replace("&amp;", "&") if following else None
    return seen


async def test_unhandled_first_and_worst_first(world: World, sign_in: SignIn) -> None:
    plain = await world.chat(1)
    await world.says(plain, "cara bikin paspor")
    again = await world.chat(2)
    await world.says(again, "paspor gimana", at=ago(minutes=5))
    await world.says(again, "paspor gimana dong", at=ago(minutes=3))
    unsure = await world.chat(3)
    await world.says(unsure, "anu itu", confidence=0.3, at=ago(hours=1))
    missed = await world.chat(4)
    await world.says(missed, "qwerty", "bot/out_of_scope", 0.05, missed=True, at=ago(hours=2))
    down = await world.chat(5)
    await world.answers(down, "Begini", await world.says(down, "biaya berapa", at=ago(hours=3)), feedback=-1)
    waiting = await world.chat(6)
    await world.says(waiting, "mau bicara orang", at=ago(hours=4))
    async with world.database.begin() as session:
        await threads.flag(session, waiting, "waiting")
    danger = await world.chat(7)
    await world.says(danger, "saya dipukul majikan", "help/abuse", danger="help/abuse", at=ago(days=3))
    await world.says(danger, "makasih", "bot/thanks", at=ago(days=2))

    browser = await sign_in("reviewer")
    text = (await browser.get("/inbox")).text
    assert listed(text) == [danger, waiting, down, missed, unsure, again, plain]
    assert "dipukul" in text
    assert counted(text) == dict.fromkeys((*threads.REASONS, "none"), 1)
    assert "1 orang dalam bahaya" in text
    for reason, chat in zip(threads.REASONS, listed(text), strict=False):
        assert listed((await browser.get(f"/inbox?reason={reason}")).text) == [chat]
    assert listed((await browser.get("/inbox?order=newest")).text)[0] == plain


async def test_what_is_done_comes_back_when_something_new_is_said(world: World, sign_in: SignIn) -> None:
    chat = await world.chat(1)
    await world.says(chat, "saya dipukul", "help/abuse", danger="help/abuse")
    browser = await sign_in("reviewer")
    await browser.get("/inbox")
    assert (await browser.post(f"/chats/{chat}/done", {"next": "/inbox"})).headers["location"] == "/inbox"
    assert listed((await browser.get("/inbox")).text) == []
    assert listed((await browser.get("/inbox?status=done")).text) == [chat]
    await world.says(chat, "kalau paspor gimana")
    text = (await browser.get("/inbox")).text
    assert listed(text) == [chat]
    assert counted(text)["none"] == 1
    assert "dalam bahaya" not in text


@pytest.fixture
async def many(world: World) -> dict[str, list[str]]:
    """130 chats in a pattern; returns pseudonyms by what a filter asks for."""
    found: dict[str, list[str]] = {}
    for number in range(130):
        chat = await world.chat(number)
        language = ("id", "jv", "en")[number % 3]
        wage = number % 2 == 0
        old = number % 4 < 2
        said = await world.says(
            chat,
            f"gaji di taiwan berapa {number}" if wage else f"syarat paspor nomor {number}",
            "money/salary" if wage else "documents/passport",
            0.25 if number % 5 == 0 else 0.95,
            at=ago(days=20 if old else 1, seconds=number),
            language=language,
            regency="35.02" if number % 3 == 0 else None,
            danger="help/abuse" if number % 13 == 0 else None,
        )
        await world.says(
            chat, "makasih ya", "bot/thanks", 0.99, at=ago(hours=2, seconds=number), language=language
        )
        if number % 7 == 0:
            await world.answers(chat, "Jawaban", said, feedback=-1 if number % 2 else 1)
        for name, fits in {
            "topic=money%2Fsalary": wage,
            "topic=documents%2F": not wage,
            "q=TAIWAN": wage,
            "q=paspor+syaratnya": not wage,
            "q=taiwan+makasih": False,  # both were said, but not in one message
            "below=30": number % 5 == 0,
            "language=jv": language == "jv",
            "topic=tidak%2Fada": False,
            "regency=35.02": number % 3 == 0,
            "danger=any": number % 13 == 0,
            "danger=help%2Fabuse": number % 13 == 0,
            "feedback=down": number % 7 == 0 and number % 2 == 1,
            "feedback=up": number % 7 == 0 and number % 2 == 0,
            f"until={(datetime.now(UTC) - timedelta(days=10)).date()}": old,
            f"since={(datetime.now(UTC) - timedelta(days=25)).date()}&until={(datetime.now(UTC) - timedelta(days=15)).date()}&topic=money%2Fsalary": old
            and wage,
            "topic=money%2F&below=50&language=id&q=gaji": wage and number % 5 == 0 and language == "id",
        }.items():
            found.setdefault(name, [])
            if fits:
                found[name].append(chat)
    return found


async def test_every_row_of_every_page_matches_and_none_is_left_out(
    many: dict[str, list[str]], sign_in: SignIn
) -> None:
    browser = await sign_in("reviewer")
    for query, chats in many.items():
        for order in ("", "&order=newest"):
            seen = await all_pages(browser, query + order)
            assert sorted(seen) == sorted(chats), query
            assert len(set(seen)) == len(seen), query


async def test_a_filter_is_an_address_that_reads_back() -> None:
    wanted = Filter.read(
        {
            "q": "gaji",
            "topic": "money/",
            "below": "50",
            "status": "done",
            "since": "2026-11-01",
            "after": "x",
        },
        UTC,
    )
    assert wanted.query() == "status=done&q=gaji&topic=money%2F&below=50&since=2026-11-01"
    assert Filter.read({"status": "x", "order": "y", "below": "49", "since": "kemarin"}, UTC) == Filter()


async def test_staff_status_and_tags_filter(world: World, sign_in: SignIn) -> None:
    first, second = await world.chat(1), await world.chat(2)
    for chat in (first, second):
        await world.says(chat, "paspor")
    browser = await sign_in("reviewer", name="ani")
    await browser.get(f"/chats/{first}")
    await browser.post(f"/chats/{first}/assign", {"staff": "ani"})
    await browser.post(f"/chats/{first}/tags", {"tag": "Perlu  dicek"})
    for query, chats in {
        "staff=ani": [first], "staff=nobody": [second], "status=working": [first], "status=new": [second],
        "tag=perlu+dicek": [first], "tag=lain": [], f"q={first}": [first],
    }.items():  # fmt: skip
        assert listed((await browser.get(f"/inbox?{query}")).text) == chats, query


async def test_how_many_are_new(world: World, sign_in: SignIn) -> None:
    chat = await world.chat(1)
    await world.says(chat, "paspor")
    browser = await sign_in("reviewer")
    text = (await browser.get("/inbox")).text
    poll = re.search(r'hx-get="([^"]+)"', text)
    assert poll is not None
    path = poll[1].replace("&amp;", "&")
    assert "baru" not in (await browser.get(path)).text
    await world.says(await world.chat(2), "gaji", "money/salary")
    assert "1 baru, muat ulang" in (await browser.get(path)).text
    assert "baru" not in (await browser.get(path + "&topic=documents%2F")).text
    assert (await browser.get("/inbox/new?opened=x")).status_code == 404
    assert NEW_SHOWN == 100


async def test_filters_are_saved_shared_and_deleted(sign_in: SignIn, database: Database) -> None:
    ani, budi = await sign_in("reviewer", name="ani"), await sign_in("reviewer", name="budi")
    for shared in ("", "yes"):
        response = await ani.post(
            "/inbox/filters",
            {"name": f"gaji {shared}", "query": "topic=money%2F&status=all", "shared": shared},
        )
        assert response.headers["location"] == "/inbox?status=all&topic=money%2F"
    assert (await ani.get("/inbox")).text.count('href="/inbox?status=all&amp;topic=money%2F"') == 2
    assert (await budi.get("/inbox")).text.count('href="/inbox?status=all&amp;topic=money%2F"') == 1
    async with database.read() as session:
        numbers = (await session.scalars(select(SavedFilter.id).order_by(SavedFilter.id))).all()
    assert (await budi.post(f"/inbox/filters/{numbers[0]}/delete")).status_code == 404
    assert (await ani.post(f"/inbox/filters/{numbers[0]}/delete")).status_code == 303


async def test_the_index_holds_no_words(world: World, database: Database) -> None:
    chat = await world.chat(1)
    await world.says(chat, "paspor saya hilang")
    async with database.begin() as session:
        assert len((await session.scalars(select(MessageWord.word))).all()) == 3
        await threads.forget(session, chat)
    async with database.read() as session:
        assert not (await session.scalars(select(MessageWord.word))).all()
        assert not (await session.scalars(select(Thread.id))).all()


async def test_earlier_messages_are_indexed_afterwards(
    world: World, database: Database, keys: Keys, sign_in: SignIn
) -> None:
    chat = await world.chat(1)
    async with database.begin() as session:
        for text, danger in (("paspor hilang", None), ("saya dipukul", "help/abuse")):
            session.add(
                Message(chat=chat, direction="in", kind="text", text=text, danger=danger, alternatives=[])
            )
            await session.flush()
    told: list[tuple[int, int]] = []
    assert await backfill(database, keys, lambda done, of: told.append((done, of))) == 1
    assert told == [(1, 1)]
    assert await backfill(database, keys, lambda done, of: None) == 0
    browser = await sign_in("reviewer")
    assert listed((await browser.get("/inbox?q=hilang&reason=danger")).text) == [chat]


async def test_regencies_and_staff_are_named(world: World, sign_in: SignIn, database: Database) -> None:
    from core.storage.models import Area

    async with database.begin() as session:
        session.add(
            Area(
                code="35.02",
                name="Kabupaten Ponorogo",
                level="regency",
                parent_code="35",
                lat=-7.8,
                lon=111.4,
                source="uji",
            )
        )
        session.add(Staff(name="cici", role="editor", password="x"))
    chat = await world.chat(1)
    await world.says(chat, "kantor ponorogo", "task/find_centre", regency="35.02")
    browser = await sign_in("reviewer")
    text = (await browser.get("/inbox")).text
    assert text.count("Kabupaten Ponorogo") == 2
    assert '<option value="cici">cici</option>' in text


async def test_times_and_days_are_those_of_the_zone(
    world: World,
    database: Database,
    keys: Keys,
    settings_factory: SettingsFactory,
    sign_in: SignIn,
) -> None:
    chat = await world.chat(1)
    await world.says(chat, "paspor saya", at=datetime(2026, 11, 1, 15, 30, tzinfo=UTC))
    west = await sign_in("reviewer")
    assert "1 Nov 22.30 WIB" in (await west.get(f"/chats/{chat}")).text
    assert chat not in (await west.get("/inbox?since=2026-11-02")).text
    east = create_app(settings_factory(console_zone="WIT"), database, keys)
    west.client._transport = httpx.ASGITransport(east, client=("127.0.0.1", 50_000))
    assert "2 Nov 00.30 WIT" in (await west.get(f"/chats/{chat}")).text
    assert chat in (await west.get("/inbox?since=2026-11-02")).text
