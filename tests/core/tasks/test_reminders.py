"""Reminders, turn by turn: by words, by buttons, changed, listed, stopped."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.codes import parse_code
from core.languages import translator
from core.reminder_store import AddReminder, StopReminders
from core.replies import Reply
from core.storage import Database, models
from core.tasks import registry
from core.tasks import reminders as module
from core.tasks.reminders import ZONE
from core.tasks.task import Context, Given, Step, TaskState

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
TASK = registry.GUIDED["reminders"]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_now", lambda: NOW)


class Chat:
    """A chat as the conversation keeps it, with its rows."""

    def __init__(self, database: Database | None = None, country: str | None = None) -> None:
        self.context = Context(translator("id"), date(2026, 11, 25), country, {}, database, "chat")
        self.state: TaskState | None = None
        self.step = Step(None)

    async def opens(self) -> "Chat":
        assert self.context.database is not None
        async with self.context.database.begin() as session:
            session.add(models.Chat(id="chat", address="7"))
        return self

    async def _after(self, step: Step | None) -> Reply | None:
        if step is None:
            return None
        step = Step.from_dict(step.to_dict())  # as it travels
        kept = {k: v for k, v in {**self.context.keeps, **step.keeps}.items() if v is not None}
        self.context, self.state, self.step = replace(self.context, keeps=kept), step.state, step
        if self.context.database is not None:
            async with self.context.database.begin() as session:
                for effect in step.effects:
                    await effect.apply(session, "chat", NOW)
        return step.replies[-1]

    async def starts(self, text: str = "") -> Reply:
        reply = await self._after(await registry.begin(TASK, self.context, Given(text), self.state))
        assert reply is not None
        return reply

    async def says(self, text: str) -> Reply | None:
        assert self.state is not None
        return await self._after(await registry.proceed(self.context, self.state, Given(text)))

    async def taps(self, label: str, on: Reply) -> Reply:
        choices = [c for row in on.buttons for c in row if label in c.text]
        data = min(choices, key=lambda choice: len(choice.text)).data
        code = parse_code(data)
        assert code is not None
        reply = await self._after(await registry.tapped(self.context, self.state, code.value))
        assert reply is not None, label
        return reply

    def added(self) -> Any:
        return next(effect for effect in self.step.effects if isinstance(effect, AddReminder))


@pytest.mark.parametrize(
    ("text", "kind", "day", "who"),
    [
        ("ingatkan saya medikal 3 maret", "medical", "2027-03-03", "self"),
        ("paspor habis desember 2028", "passport", "2028-12-01", "self"),
        ("ingetin kontrak istri saya abis 12 juni 2028", "contract", "2028-06-12", "wife"),
        ("surat sehat berlaku sampai 15/3/2027", "medical_end", "2027-03-15", "self"),
        ("opp minggu depan", "orientation", "2026-12-02", "self"),
    ],
)
async def test_one_sentence_and_a_yes(text: str, kind: str, day: str, who: str) -> None:
    chat = Chat()
    reply = await chat.starts(text)
    assert "Setuju?" in reply.text
    assert chat.step.effects == ()  # nothing is set before the person agrees
    reply = await chat.says("iya")
    assert reply is not None
    assert "/pengingat" in reply.text
    added = chat.added()
    assert (added.kind, added.day.isoformat(), added.zone, added.who) == (kind, day, "Asia/Jakarta", who)
    assert chat.state is None


async def test_asked_step_by_step_in_words() -> None:
    chat = Chat()
    await chat.starts("pengingat")
    reply = await chat.says("paspor")
    assert reply is not None
    assert "berlaku sampai kapan" in reply.text
    assert await chat.says("bikin paspor bayar berapa?") is None
    reply = await chat.says("31 februari 2028")
    assert reply is not None
    assert "tidak ada" in reply.text
    reply = await chat.says("12 mei 2028")
    assert reply is not None
    reply = await chat.says("eh salah, 13 mei 2028")
    assert reply is not None
    assert "13 Mei 2028" in reply.text
    reply = await chat.says("wita")
    assert reply is not None
    assert "WITA" in reply.text
    reply = await chat.says("tidak")
    assert reply is not None
    assert "berlaku sampai kapan" in reply.text
    await chat.says("20 mei 2028")
    await chat.says("oke")
    assert (chat.added().day, chat.added().zone) == (date(2028, 5, 20), "Asia/Makassar")


async def test_by_buttons_and_one_typed_date() -> None:
    chat = Chat(country="HK")
    reply = await chat.taps("Kontrak", await chat.starts())
    reply = await chat.says("juni 2028") or reply
    assert "dari tanggal 1" in reply.text
    assert "(Hong Kong)" in reply.text
    reply = await chat.taps("WIT", reply)
    reply = await chat.taps("Hong Kong", reply)
    reply = await chat.taps("Tanggal lain", reply)
    reply = await chat.says("1 juli 2028") or reply
    await chat.taps("Ya, ingatkan", reply)
    assert (chat.added().day, chat.added().zone) == (date(2028, 7, 1), "Asia/Hong_Kong")
    assert chat.context.keeps[ZONE] == "Asia/Jayapura"


async def test_a_date_without_time_left_says_so() -> None:
    chat = Chat()
    reply = await chat.starts("paspor habis 1 desember")
    assert "sudah dekat" in reply.text
    assert chat.state is not None
    reply = await chat.says("maaf, 1 desember 2029") or reply
    assert "Setuju?" in reply.text


@pytest.mark.parametrize("end", ["Tidak jadi", "tidak jadi dipasang"])
async def test_nothing_is_set_when_it_is_called_off(end: str) -> None:
    chat = Chat()
    reply = await chat.starts()
    reply = await chat.taps(end, reply) if end == "Tidak jadi" else await chat.says(end)  # type: ignore[assignment]
    assert "tidak ada pengingat" in reply.text
    assert chat.state is None
    assert chat.step.effects == ()


async def test_listed_and_deleted(database: Database) -> None:
    chat = await Chat(database).opens()
    for text in ("medikal 3 maret", "paspor habis desember 2028", "opp 10 april"):
        await chat.starts(text)
        await chat.says("ya")
    reply = await chat.starts()
    assert re.findall(r"^\d\.", reply.text, re.MULTILINE) == ["1.", "2.", "3."]
    reply = await chat.taps("🗑 1.", reply)
    assert "dihentikan" in reply.text
    assert chat.step.in_place
    reply = await chat.starts("lihat pengingat saya")
    assert "Medikal" not in reply.text.title() or "3 Maret" not in reply.text
    reply = await chat.says("hapus 1") or reply
    assert isinstance(chat.step.effects[0], StopReminders)
    reply = await chat.starts("hapus pengingat paspor")
    assert "dihentikan" in reply.text
    reply = await chat.starts("lihat pengingat")
    assert "Tentang apa" in reply.text  # none is left: what shall the next be about?


@pytest.mark.parametrize("text", ["matikan semua pengingat", "stop semua", "hapus pengingat"])
async def test_all_stop_with_a_word(database: Database, text: str) -> None:
    chat = await Chat(database).opens()
    await chat.starts("medikal 3 maret")
    await chat.says("ya")
    reply = await chat.starts(text)
    assert "dihentikan" in reply.text
    assert "Tentang apa" in (await chat.starts()).text


async def test_a_sent_reminder_stops_with_one_tap_and_leaves_another_task_in_hand() -> None:
    other = TaskState("report", "first")
    for value, effect in (("stop:abcd", StopReminders("abcd")), ("stop_all", StopReminders())):
        step = await registry.tapped(Chat().context, other, f"reminders:{value}")
        assert step is not None
        assert step.effects == (effect,)
        assert step.in_place
        assert step.state == other


@pytest.mark.parametrize("value", ["yes", "zone:WIB", "date", "cancel", "kind:none", "stop:", "", "x:y"])
async def test_an_old_or_forged_button_is_none(value: str) -> None:
    assert await registry.tapped(Chat().context, None, f"reminders:{value}") is None
