"""My documents, turn by turn: buttons, words, changes of mind, several people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.checklist import checklist
from core.codes import parse_code
from core.languages import LANGUAGES, translator
from core.replies import Reply
from core.tasks import registry
from core.tasks.checklist import GENERAL, KEEPS
from core.tasks.task import OVER, Context, Given, Step, TaskState

TASK = registry.GUIDED["checklist"]


class Chat:
    """A chat as the conversation keeps it."""

    def __init__(self, country: str | None = None, language: str = "id") -> None:
        self.context = Context(translator(language), date(2026, 11, 25), country)
        self.state: TaskState | None = None
        self.step = Step(None)

    def _after(self, step: Step | None) -> Reply | None:
        if step is None:
            return None
        step = Step.from_dict(step.to_dict())  # as it travels
        kept = {k: v for k, v in {**self.context.keeps, **step.keeps}.items() if v is not None}
        self.context, self.state, self.step = replace(self.context, keeps=kept), step.state, step
        return step.replies[-1]

    async def starts(self, text: str = "", topic: str | None = None) -> Reply:
        given = Given(text, topic=topic)
        reply = self._after(await registry.begin(TASK, self.context, given, self.state))
        assert reply is not None
        return reply

    async def says(self, text: str) -> Reply | None:
        assert self.state is not None
        return self._after(await registry.proceed(self.context, self.state, Given(text)))

    async def taps(self, label: str, on: Reply) -> Reply:
        data = next(c.data for row in on.buttons for c in row if label in c.text)
        code = parse_code(data)
        assert code is not None
        reply = self._after(await registry.tapped(self.context, self.state, code.value))
        assert reply is not None, label
        return reply

    def people(self) -> dict[str, Any]:
        found: dict[str, Any] = self.context.keeps[KEEPS]["people"]
        return found


def labels(reply: Reply) -> Iterator[str]:
    return (choice.text for row in reply.buttons for choice in row)


async def test_by_buttons_alone() -> None:
    chat = Chat()
    reply = await chat.starts()
    for label in ("Istri saya", "Taiwan", "Lewat PT", "Rumah tangga", "Menikah", "pertama kali", "18 sampai"):
        reply = await chat.taps(label, reply)
        assert chat.step.in_place
    assert "istri Anda" in reply.text
    assert "0 dari 16" in reply.text
    assert chat.state is not None
    assert chat.state.step == OVER
    assert reply.sources
    assert reply.checked == "2026-11-23"
    reply = await chat.taps("9. Paspor", reply)
    assert "1 dari 16" in reply.text
    assert "✅ 9. Paspor" in list(labels(reply))
    assert chat.step.in_place
    reply = await chat.taps("9. Paspor", reply)
    assert "0 dari 16" in reply.text
    assert chat.people()["wife"]["answers"]["country"] == "TW"


async def test_by_words_alone_with_questions_in_between() -> None:
    chat = Chat()
    await chat.starts("buatkan daftar dokumen saya")
    for text in ("buat suami saya", "ke korea"):
        assert await chat.says(text) is not None
    assert await chat.says("g to g itu apa?") is None  # another question: answered elsewhere
    for text in ("program pemerintah", "pabrik", "udah nikah", "belum pernah"):
        assert await chat.says(text) is not None
    reply = await chat.says("30")
    assert reply is not None
    assert "suami Anda" in reply.text
    assert "18–39" in reply.text
    reply = await chat.says("ktp sudah, paspor juga, skck belum")
    assert reply is not None
    assert "2 dari 14" in reply.text
    assert await chat.says("paspornya bayar berapa") is None
    reply = await chat.says("visa")
    assert reply is not None
    assert "Visa kerja" in reply.text
    reply = await chat.says("selesai")
    assert reply is not None
    assert chat.state is None
    assert "/dokumen" in reply.text


async def test_every_question_can_be_skipped() -> None:
    chat = Chat()
    reply = await chat.starts()
    for _question in checklist().questions:
        reply = await chat.taps("Lewati", reply)
    assert "dari 16" in reply.text
    assert "masih umum" in reply.text
    chat = Chat()
    await chat.starts("daftar dokumen")
    for _question in checklist().questions:
        found = await chat.says("lewati")
    assert found is not None
    assert "dari 16" in found.text
    chat = Chat()
    reply = await chat.taps("Lihat daftar", await chat.starts())
    assert "dari 16" in reply.text


async def test_a_general_question_for_a_country_gets_the_list_at_once() -> None:
    chat = Chat()
    reply = await chat.starts("dokumen apa aja yang harus disiapkan buat ke taiwan", GENERAL)
    assert "Taiwan" in reply.text
    assert "0 dari 16" in reply.text


async def test_what_the_first_message_tells_is_not_asked() -> None:
    chat = Chat()
    reply = await chat.starts("istri saya mau ke hongkong lewat pt, buatkan daftar dokumennya")
    assert "Pekerjaannya apa" in reply.text


async def test_an_answer_can_be_changed_and_ticks_stay() -> None:
    chat = Chat()
    reply = await chat.taps("Lihat daftar", await chat.starts())
    reply = await chat.taps("9. Paspor", reply)
    reply = await chat.taps("Ubah jawaban", reply)
    assert "Negara: –" in list(labels(reply))
    reply = await chat.taps("Jalur", reply)
    reply = await chat.taps("Mandiri", reply)
    assert "1 dari 18" in reply.text
    await chat.starts("lihat daftar dokumen saya")
    found = await chat.says("ganti negara kamboja")
    assert found is not None
    assert "tidak punya kerja sama" in found.text
    found = await chat.says("ubah jalur")
    assert found is not None
    found = await chat.says("lewat pt")
    assert found is not None
    assert "1 dari 16" in found.text
    found = await chat.says("ubah jawaban")
    assert found is not None
    assert any("Umur" in label for label in labels(found))


async def test_each_person_has_a_list_of_their_own() -> None:
    chat = Chat()
    mine = await chat.taps("Lihat daftar", await chat.starts())
    mine = await chat.taps("1. KTP", mine)
    await chat.starts("buatkan daftar dokumen anak saya ke jepang")
    theirs = await chat.says("lihat daftar")
    assert theirs is not None
    assert "0 dari" in theirs.text
    await chat.taps("2. Akta", theirs)
    # a button of the older list still means the person whom it was made for
    mine = await chat.taps("9. Paspor", mine)
    assert "2 dari 16" in mine.text
    assert "Jepang" not in mine.text
    assert chat.people()["child"]["ticks"] == ["birth_school"]
    assert chat.people()["self"]["ticks"] == ["id_card", "passport"]


async def test_the_list_comes_back() -> None:
    chat = Chat()
    await chat.taps("Lihat daftar", await chat.starts())
    reply = await chat.starts()
    assert "dari 16" in reply.text
    reply = await chat.starts("ulang daftar dokumen dari awal")
    assert reply.text.count("1/7")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ijazah saya hilang", "documents/diploma"),
        ("paspor ilang", "documents/lost_passport"),
        ("ada yang hilang", "documents/id_card"),
        ("nama di ktp beda", "documents/data_mismatch"),
    ],
)
async def test_lost_and_differing_papers_lead_to_their_answers(text: str, topic: str) -> None:
    chat = Chat()
    await chat.starts("daftar dokumen")
    await chat.says("lihat daftar")
    reply = await chat.says(text)
    assert reply is not None
    assert any(choice.data.endswith(topic) for row in reply.buttons for choice in row)


async def test_a_paper_says_what_is_known_and_what_is_not() -> None:
    chat = Chat()
    listed = await chat.starts("dokumen ke taiwan", GENERAL)
    reply = await chat.taps("ℹ️", listed)
    assert "Dukcapil" in reply.text
    assert "belum ada keterangan yang pasti" in reply.text
    assert any(choice.data.endswith("documents/id_card") for row in reply.buttons for choice in row)
    assert any(choice.data.endswith("documents/data_mismatch") for row in reply.buttons for choice in row)
    chat.context = replace(chat.context, keeps=chat.context.keeps)
    medical = await registry.tapped(chat.context, None, "checklist:i:self:medical")
    assert medical is not None
    assert "3 bulan saat mengurus visa" in medical.replies[0].text


@pytest.mark.parametrize(
    "value",
    [
        "t:self:none",
        "t:nobody:passport",
        "x",
        "",
        "a:country:XX",
        "a:none:x",
        "q:self:none",
        "i:self",
        "k:none",
        "a:who:self",
    ],
)
async def test_a_forged_or_old_button_is_none(value: str) -> None:
    assert await registry.tapped(Chat().context, None, f"checklist:{value}") is None


async def test_kept_values_that_a_newer_list_does_not_know_are_left_out() -> None:
    chat = Chat()
    kept = {"answers": {"country": "XX", "gone": "x", "scheme": "p_to_p"}, "ticks": ["gone", "passport"]}
    chat.context = replace(chat.context, keeps={KEEPS: {"who": "self", "people": {"self": kept}}})
    reply = await chat.starts()
    assert "1 dari 16" in reply.text


async def test_a_tick_leaves_another_task_in_hand() -> None:
    other = TaskState("report", "first")
    step = await registry.tapped(Chat().context, other, "checklist:t:self:passport")
    assert step is not None
    assert step.state == other
    step = await registry.tapped(Chat().context, other, "checklist:q:self:country")
    assert step is not None
    assert step.state is not None
    assert step.state.task == "checklist"
    assert step.keeps[registry.PARKED] == other.to_dict()


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_every_page_fits(language: str) -> None:
    chat = Chat("HK", language)
    t = chat.context.t
    reply = await chat.starts()
    people = checklist().questions[0].options
    for option in people:
        step = await registry.tapped(chat.context, None, f"checklist:s:{option.id}")
        assert step is not None
        for row in step.replies[0].buttons:
            for choice in row:
                assert len(choice.text) <= 64
                assert len(choice.data.encode()) <= 64
    assert t.gettext(checklist().questions[0].text) in reply.text
