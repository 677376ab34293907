"""Try the bot: each turn with what was understood of it."""

from collections.abc import Iterator

import pytest

from console import try_bot
from core.outcomes import Alternative, Understanding
from core.replies import Choice, Reply
from tests.console.conftest import SignIn
from tests.core.fake_engine import FakeEngine


class _Engine(FakeEngine):
    async def __aenter__(self) -> "_Engine":
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Engine]:
    """An engine that says what it is told to."""
    made = _Engine(
        replies=[Reply("Buat paspor di kantor imigrasi.", buttons=((Choice("Biaya", "t:documents/passport_cost"),),))],
        understood=Understanding(
            "documents/passport", 0.93, alternatives=(Alternative("documents/passport", 0.93), Alternative("money/salary", 0.04)),
            entities=({"entity": "country", "value": "TW"},),
        ),
    )  # fmt: skip
    monkeypatch.setattr(try_bot, "EngineClient", lambda url: made)
    yield made
    try_bot._talks.clear()


async def test_a_turn_shows_topic_confidence_alternatives_and_entities(
    engine: _Engine, sign_in: SignIn
) -> None:
    browser = await sign_in("reviewer")
    assert (
        await browser.post("/try", {"text": "bikin paspor dimana, nomor 081234567890"})
    ).status_code == 303
    page = (await browser.get("/try")).text
    assert "Buat paspor di kantor imigrasi." in page
    assert "93%" in page
    assert "4%" in page
    assert "Negara: TW" in page
    assert "081234567890" not in page
    assert "[TELEPON]" in page.upper()
    assert (
        await browser.post("/try", {"tap": "t:documents/passport_cost", "label": "Biaya"})
    ).status_code == 303
    assert "Biaya" in (await browser.get("/try")).text
    assert (await browser.post("/try/restart")).status_code == 303
    assert engine.forgotten == [engine.sent[0][0]]
    assert "Buat paspor" not in (await browser.get("/try")).text


async def test_danger_shows_its_card(engine: _Engine, sign_in: SignIn) -> None:
    browser = await sign_in("reviewer")
    await browser.post("/try", {"text": "saya dikurung majikan tidak boleh keluar"})
    assert 'class="mark red"' in (await browser.get("/try")).text


async def test_an_engine_that_is_down_is_explained(engine: _Engine, sign_in: SignIn) -> None:
    engine.down = True
    browser = await sign_in("reviewer")
    page = await browser.post("/try", {"text": "halo"})
    assert page.status_code == 503
    assert "make run" in page.text


async def test_nobody_sees_the_conversation_of_another_member(engine: _Engine, sign_in: SignIn) -> None:
    ani, budi = await sign_in("reviewer", name="ani"), await sign_in("reviewer", name="budi")
    await ani.post("/try", {"text": "rahasia ani"})
    assert "rahasia ani" in (await ani.get("/try")).text
    assert "rahasia ani" not in (await budi.get("/try")).text
