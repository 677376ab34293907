"""Correcting, the queue, candidates: who may do what, and what the pages say."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from console import training
from core.keys import Keys
from core.learning import overlay
from core.learning.scores import Change, Move, compare
from core.learning.sentences import Measured
from core.settings import Settings
from core.storage import Database
from core.storage.learning import Candidate, Correction
from core.storage.models import Area, Chat
from core.storage.staff import Audit
from tests.console.conftest import SignIn
from tests.console.world import World

LOST = "dompet isi paspor jatuh di kapal laut kemarin sore"


@pytest.fixture
def world(database: Database, keys: Keys) -> World:
    """Makes conversations."""
    return World(database, keys)


@pytest.fixture
async def message(world: World) -> int:
    """A misread message of somebody who agreed that it may be used."""
    chat = await world.chat(1, consent=True)
    return await world.says(chat, LOST, "documents/work_visa", 0.31)


async def _rows(database: Database) -> list[Correction]:
    async with database.read() as session:
        return list((await session.scalars(select(Correction).order_by(Correction.id))).all())


async def test_a_message_is_corrected_by_the_topics_friendly_name(
    database: Database, message: int, sign_in: SignIn
) -> None:
    browser = await sign_in("reviewer")
    page = await browser.get(f"/messages/{message}/correct")
    assert LOST in page.text
    assert 'value="Paspor hilang' in page.text
    sent = await browser.post(
        f"/messages/{message}/correct", {"what": "topic", "topic": "documents/lost_passport", "text": LOST}
    )
    assert sent.headers["location"] == f"/messages/{message}/correct"
    (row,) = await _rows(database)
    assert (row.topic, row.state, row.text, row.staff) == (
        "documents/lost_passport",
        "queued",
        LOST,
        "reviewer.satu",
    )
    assert "nlu/documents.yml" in (await browser.get("/learn")).text
    async with database.read() as session:
        actions = (await session.scalars(select(Audit.action).order_by(Audit.id))).all()
    assert {"view", "correct"} <= set(actions)


async def test_a_name_that_fits_several_topics_is_asked_back(
    database: Database, message: int, sign_in: SignIn
) -> None:
    browser = await sign_in("reviewer")
    page = await browser.post(
        f"/messages/{message}/correct", {"what": "topic", "topic": "paspor", "text": LOST}
    )
    assert page.status_code == 422
    assert 'type="radio" name="topic" value="documents/passport"' in page.text
    page = await browser.post(f"/messages/{message}/correct", {"what": "topic", "topic": "zzz", "text": LOST})
    assert page.status_code == 422
    assert await _rows(database) == []


@pytest.mark.parametrize(
    ("form", "topics"),
    [
        ({"what": "accept"}, ["documents/work_visa"]),
        ({"what": "outside"}, ["bot/out_of_scope"]),
        (
            {"what": "split", "text": LOST, "topic": "documents/lost_passport",
             "text_2": "total ongkos ganti buku kecil itu kira kira berapa", "topic_2": "documents/passport_cost"},
            ["documents/lost_passport", "documents/passport_cost"],
        ),
    ],
)  # fmt: skip
async def test_other_ways_to_correct(
    database: Database, message: int, sign_in: SignIn, form: dict[str, str], topics: list[str]
) -> None:
    browser = await sign_in("reviewer")
    sent = await browser.post(f"/messages/{message}/correct", form)
    assert sent.status_code == 303, sent.text
    assert [row.topic for row in await _rows(database)] == topics


async def test_words_for_a_place_or_a_country_are_named(
    database: Database, world: World, sign_in: SignIn
) -> None:
    async with database.begin() as session:
        for code, name in (
            ("35.04", "Kabupaten Tulungagung"),
            ("32.10", "Kota Contoh"),
            ("32.11", "Kabupaten Contoh"),
        ):
            session.add(
                Area(code=code, name=name, level="regency", parent_code=code[:2], lat=0, lon=0, source="uji")
            )
    chat = await world.chat(1, consent=True)
    number = await world.says(chat, "sy dari tlgagng mau ke negeri gingseng")
    browser = await sign_in("reviewer")
    form = {"what": "entity", "words": "tlgagng", "kind": "place"}
    page = await browser.post(f"/messages/{number}/correct", {**form, "place": "contoh"})
    assert page.status_code == 422
    assert "Kota Contoh (32.10)" in page.text
    sent = await browser.post(f"/messages/{number}/correct", {**form, "place": "Tulungagung"})
    assert sent.status_code == 303
    (row,) = await _rows(database)
    assert (row.kind, row.text, row.topic, row.value) == ("entity", "tlgagng", "place", "35.04")
    sent = await browser.post(
        f"/messages/{number}/correct",
        {"what": "entity", "words": "negeri gingseng", "kind": "country", "country": "KR"},
    )
    assert sent.status_code == 303
    assert "content/countries.yml" in (await browser.get("/learn")).text
    page = await browser.post(
        f"/messages/{number}/correct", {**form, "words": "bukan kata", "place": "35.04"}
    )
    assert page.status_code == 422


async def test_without_consent_the_page_says_so(world: World, database: Database, sign_in: SignIn) -> None:
    chat = await world.chat(1, consent=False)
    number = await world.says(chat, LOST)
    browser = await sign_in("editor")
    assert "belum mengizinkan" in (await browser.get(f"/messages/{number}/correct")).text
    sent = await browser.post(f"/messages/{number}/correct", {"what": "outside"})
    assert sent.status_code == 422
    assert await _rows(database) == []


async def test_the_conversation_has_the_way_to_correct(
    world: World, database: Database, message: int, sign_in: SignIn
) -> None:
    browser = await sign_in("reviewer")
    async with database.read() as session:
        chat = (await session.scalars(select(Chat.id))).one()
    assert f'hx-get="/messages/{message}/correct"' in (await browser.get(f"/chats/{chat}")).text
    piece = await browser.get(f"/messages/{message}/correct", headers={"HX-Request": "true"})
    assert "<html" not in piece.text
    assert "<form" in piece.text


async def test_an_emergency_waits_for_somebody_else(
    database: Database, message: int, sign_in: SignIn
) -> None:
    ani = await sign_in("reviewer", name="ani")
    await ani.post(f"/messages/{message}/correct", {"what": "topic", "topic": "help/confined", "text": LOST})
    (row,) = await _rows(database)
    assert row.state == "waiting"
    assert 'action="/learn/confirm"' not in (await ani.get("/learn")).text
    assert (await ani.post("/learn/confirm", {"number": str(row.id)})).status_code == 422
    budi = await sign_in("reviewer", name="budi")
    assert 'action="/learn/confirm"' in (await budi.get("/learn")).text
    assert (await budi.post("/learn/confirm", {"number": str(row.id)})).status_code == 303
    (row,) = await _rows(database)
    assert (row.state, row.confirmed_by) == ("queued", "budi")
    assert (await budi.post("/learn/discard", {"number": str(row.id)})).status_code == 303
    assert await _rows(database) == []


async def test_a_near_copy_is_refused_and_the_page_says_why(message: int, sign_in: SignIn) -> None:
    browser = await sign_in("reviewer")
    await browser.post(f"/messages/{message}/correct",
                       {"what": "topic", "topic": "documents/passport", "text": "bikin paspor dimana"})  # fmt: skip
    assert "sudah ada" in (await browser.get("/learn")).text


@pytest.mark.parametrize("path", ["try", "accept", "back", "drop"])
async def test_models_are_for_editors(sign_in: SignIn, path: str) -> None:
    browser = await sign_in("reviewer")
    assert (await browser.post(f"/learn/{path}", {"number": "0"})).status_code == 403
    assert (await browser.get("/learn/diff")).status_code == 403


# candidates


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Another program in place of `desmi learn`; what it is called with is written to a file."""

    def make(code: str) -> Path:
        script, called = tmp_path / "learn.py", tmp_path / "called"
        script.write_text(
            f"import sys, pathlib\npathlib.Path({str(called)!r}).write_text(' '.join(sys.argv[1:]))\n{code}"
        )
        monkeypatch.setattr(training, "COMMAND", (sys.executable, str(script)))
        return called

    return make


async def test_trying_shows_progress_and_what_ends_without_a_word_failed(
    database: Database, sign_in: SignIn, stand_in: Callable[[str], Path], tmp_path: Path
) -> None:
    go = tmp_path / "go"
    called = stand_in(
        f"import time\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)\nsys.exit(3)"
    )
    browser = await sign_in("editor")
    assert (await browser.post("/learn/try")).status_code == 303
    assert "<progress" in (await browser.get("/learn")).text
    assert (await browser.get("/learn/progress")).status_code == 200
    assert (await browser.post("/learn/try")).status_code == 409
    go.touch()
    for task in list(training._waiting):
        await task
    assert called.read_text() == "try --candidate 1"
    page = await browser.get("/learn")
    assert "Pelatihan terputus" in page.text
    progress = await browser.get("/learn/progress")
    assert progress.headers["hx-redirect"] == "/learn"


async def _ready(database: Database, moves: tuple[Move, ...] = (), *, worse: bool = False) -> int:
    row = Measured("x", "documents/passport", "id", "plain", "questions")
    before, after = (
        ("documents/passport", "money/salary") if worse else ("money/salary", "documents/passport")
    )
    report = compare([row] * 4, [before] * 4, [after] * 4, moves)
    assert report.changes[0] == Change("documents/passport", before, after, "id")
    async with database.begin() as session:
        candidate = Candidate(staff="ani", state="ready", model="desmi-a.tar.gz", report=report.to_dict())
        session.add(candidate)
        await session.flush()
        return candidate.id


async def test_a_candidate_is_shown_beside_the_model_in_use(
    database: Database, message: int, sign_in: SignIn, stand_in: Callable[[str], Path]
) -> None:
    move = Move("message", message, "documents/work_visa", "documents/lost_passport")
    number = await _ready(database, (move,))
    called = stand_in("")
    browser = await sign_in("editor")
    page = (await browser.get("/learn")).text
    assert LOST in page
    assert "100%" in page
    assert page.count('name="language" value=') == 2  # those of the console alone
    assert "Tidak lebih buruk" in page
    assert (await browser.post("/learn/accept", {"number": str(number)})).status_code == 303
    assert called.read_text() == f"accept {number}"
    async with database.begin() as session:
        (await session.scalars(select(Chat))).one().consent = False
    assert LOST not in (await browser.get("/learn")).text


async def test_a_worse_candidate_cannot_be_taken_over(
    database: Database, sign_in: SignIn, stand_in: Callable[[str], Path]
) -> None:
    number = await _ready(database, worse=True)
    stand_in("sys.exit('Error: The candidate is worse. (worse)')")
    browser = await sign_in("editor")
    assert 'action="/learn/accept"' not in (await browser.get("/learn")).text
    page = await browser.post("/learn/accept", {"number": str(number)})
    assert page.status_code == 409
    assert "lebih buruk" in page.text
    assert (await browser.post("/learn/drop", {"number": str(number)})).status_code == 303
    async with database.read() as session:
        assert (await session.get_one(Candidate, number)).state == "dropped"


async def test_the_way_back_is_offered_for_earlier_models(
    database: Database, sign_in: SignIn, stand_in: Callable[[str], Path], console_settings: Settings
) -> None:
    number = await _ready(database)
    async with database.begin() as session:
        row = await session.get_one(Candidate, number)
        row.state, row.accepted_at = "accepted", row.at
    overlay.announce(console_settings.data_dir, "desmi-a.tar.gz")
    called = stand_in("")
    browser = await sign_in("editor")
    page = (await browser.get("/learn")).text
    assert page.count("dipakai sekarang") == 1
    assert (await browser.post("/learn/back", {"number": "0"})).status_code == 303
    assert called.read_text() == "back 0"
    assert (await browser.post("/learn/back", {"number": "x"})).status_code == 404
