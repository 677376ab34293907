"""The terminal chat, driven by what somebody types."""

import io
import re
import sys
from collections.abc import Awaitable, Callable

import pytest

from cli.console import TerminalChat
from core.answers import read_answers
from core.conversation import Conversation
from core.guard import default_guard
from core.hotlines import hotlines
from core.outcomes import Outcome
from core.reading import read_text
from core.replies import Choice, Reply, Source, Venue
from tests.cli.conftest import Desmi
from tests.core.fake_engine import FakeEngine

KEEP = hotlines().numbers()
Chat = Callable[[str | bytes], Awaitable[str]]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def typed(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """Runs a whole chat; returns what it showed."""

    async def run(lines: str | bytes) -> str:
        shown: list[str] = []
        raw = lines if isinstance(lines, bytes) else lines.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        recorded: list[Outcome] = []

        async def record(outcome: Outcome) -> None:
            recorded.append(outcome)

        conversation = Conversation(engine, read_answers())
        await TerminalChat(conversation, default_guard(), KEEP, shown.append, record).run()
        return "\n".join(shown)

    return run


async def test_the_menu_comes_first_with_numbers(typed: Chat) -> None:
    shown = await typed("")
    assert "saya Desmi" in shown
    assert "   [1] 📍 Cari pusat Desmigratif terdekat" in shown
    assert "Keluar: Ctrl-D" in shown


async def test_a_number_taps(typed: Chat, engine: FakeEngine) -> None:
    await typed("1\n")
    assert engine.sent[0][2] == "task/find_centre"


async def test_numbers_without_a_button_are_texts(typed: Chat, engine: FakeEngine) -> None:
    await typed("999\n0\n-1\n²\n")
    assert [text for _sender, text, _topic, _metadata in engine.sent] == ["999", "0", "-1", "²"]


async def test_pins_sources_and_related_topics_are_lines(typed: Chat, engine: FakeEngine) -> None:
    engine.replies = [
        Reply(
            "Isi",
            sources=(Source("Panduan", "KP2MI", "", ""),),
            checked="2026-11-23",
            review_by="2020-01-01",
            related=("documents/checklist", "task/change_language"),
            buttons=((Choice("Tombol", "1:m:"),),),
        ),
        Reply("", venue=Venue("Desmigratif Desa Kenanga", "Kec. Sindang", -6.355, 108.31)),
    ]
    shown = await typed("apa saja\n3\n")
    assert "   Sumber: Panduan (KP2MI)\n   diperiksa 23 November 2026\n   ⚠️ mungkin sudah berubah" in shown
    assert "   [1] Tombol\n   [2] " in shown
    assert "📍 Desmigratif Desa Kenanga, Kec. Sindang (-6.35500, 108.31000)" in shown
    assert engine.sent[1][2] == "task/change_language"


@pytest.mark.parametrize(
    ("line", "point"),
    [
        ("lokasi -6.912345 107.123456", (-6.91, 107.12)),
        ("LOKASI -8.65, 116.53", (-8.65, 116.53)),
        ("lokasi 90 180", (90, 180)),
    ],
)
async def test_a_location_is_made_coarse(
    typed: Chat, engine: FakeEngine, line: str, point: tuple[float, float]
) -> None:
    await typed(line + "\n")
    assert (engine.sent[0][3]["lat"], engine.sent[0][3]["lon"]) == point


@pytest.mark.parametrize(
    "line",
    ["lokasi", "lokasi x y", "lokasi nan nan", "lokasi inf 0", "lokasi 91 0", "lokasi 0 181", "lokasi 1 2 3"],
)
async def test_what_is_no_location_is_a_text(typed: Chat, engine: FakeEngine, line: str) -> None:
    await typed(line + "\n")
    assert engine.sent[0][1:3] == (line, None)


async def test_danger_shows_the_card_before_the_answer(typed: Chat, engine: FakeEngine) -> None:
    shown = await typed("tolong saya dipukul majikan\n")
    assert shown.index("hapus percakapan") < shown.index("jawaban")
    engine.down = True
    assert "hapus percakapan" in await typed("tolong saya dipukul majikan\n")


async def test_an_engine_that_is_down_is_said_and_the_chat_goes_on(typed: Chat, engine: FakeEngine) -> None:
    engine.down = True
    shown = await typed("cara bikin paspor\n/bahasa\n")
    assert "saya sedang lambat" in shown
    assert "Basa Jawa" in shown


async def test_what_is_typed_is_masked(typed: Chat, engine: FakeEngine) -> None:
    await typed("nik saya 3212161507900003\n")
    assert "3212161507900003" not in str(engine.sent)


async def test_anything_may_be_typed(typed: Chat, engine: FakeEngine) -> None:
    await typed(b"\xff\xfe\x00\n\n   \n\r\n" + b"a" * 10_000 + b"\n/help/abuse{}\n/\n/start@desmi_bot x\n")
    texts = [str(sent[1]) for sent in engine.sent]
    assert len(texts) == 3
    assert not any(text.startswith("/") for text in texts), "to the engine a leading slash is an order"


def test_commands_are_read() -> None:
    turn = read_text("/Kantor@desmi_bot nomor 081234567890", default_guard(), KEEP)
    assert (turn.kind, turn.text) == ("command", "kantor")
    assert "081234567890" not in turn.argument


@pytest.mark.rasa
def test_run_without_a_token_says_how_to_add_one_and_chats(served: Desmi) -> None:
    result = served("run", given="cara bikin paspor gimana ya\n")
    assert result.exit_code == 0
    hint = result.stdout[: result.stdout.index("\n\n")].splitlines()
    assert [line for line in hint if "token" in line.lower()] == hint[-2:]
    assert any(f"http://127.0.0.1:{served.env['console_port']}" in line for line in hint)
    assert "DESMI_TELEGRAM_TOKEN=" in result.stdout
    assert "@BotFather" in result.stdout
    assert "   Sumber: " in result.stdout


@pytest.mark.rasa
def test_the_chat_as_a_process_of_its_own(served: Desmi) -> None:
    script = (
        b"1\n", b"kenanga sindang indramayu\n", b"/bahasa\n", b"2\n", b"\xff\x00\n", b"lokasi -8.65 116.53\n",
        b"tolong saya dipukul majikan\n", b"/batal\n",
    )  # fmt: skip
    code, shown, errors = served.finish(served.process("chat"), b"".join(script))
    assert code == 0, errors
    assert "Traceback" not in errors
    assert len(re.findall(r"^📍 .+ \(-?\d+\.\d{5}, \d+\.\d{5}\)$", shown, re.MULTILINE)) == 6
    assert "[2] Basa Jawa" in shown
