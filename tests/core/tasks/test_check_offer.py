"""Check an offer: pasted at once or in parts, questions on the way, other offers."""

from datetime import date

import pytest

from core.languages import translator
from core.tasks import registry
from core.tasks.check_offer import CheckOffer
from core.tasks.task import OVER, Context, Given, TaskState

CONTEXT = Context(translator("id"), date(2026, 11, 25))
TASK = CheckOffer()
RISKY = "Dibutuhkan ART ke Dubai, berangkat pakai visa turis dulu, bayar DP 3 juta ke rekening saya"


async def test_an_offer_pasted_with_the_wish_is_judged_at_once() -> None:
    step = await TASK.start(CONTEXT, Given(f"tolong cek lowongan ini: {RISKY}"))
    assert step.state is not None
    assert step.state.step == OVER
    assert "“visa turis”" in step.replies[0].text
    assert step.replies[0].checked == "2026-11-23"
    assert step.replies[0].sources


async def test_otherwise_it_is_asked_for() -> None:
    step = await TASK.start(CONTEXT, Given("cek lowongan dong"))
    assert step.state == TaskState("check_offer", "waiting")
    assert "Tempel" in step.replies[0].text


async def test_parts_are_read_together() -> None:
    waiting = TaskState("check_offer", "waiting")
    first = await TASK.take(CONTEXT, waiting, Given("Lowongan kerja di restoran Penang, gaji RM1.700"))
    assert first is not None
    assert first.state is not None
    assert "tidak menemukan tanda" in first.replies[0].text
    second = await TASK.take(CONTEXT, first.state, Given("bayar DP 3 juta dulu ya", forwarded=True))
    assert second is not None
    assert second.state is not None
    assert second.state.data["text"].startswith("Lowongan")
    assert "1 tanda bahaya" in second.replies[0].text


@pytest.mark.parametrize("step", ["waiting", OVER])
async def test_a_question_is_left_to_others(step: str) -> None:
    state = TaskState("check_offer", step, {"text": "x"})
    asked = Given("paspor itu berapa biayanya?", topic="documents/passport", confidence=0.9)
    assert await TASK.take(CONTEXT, state, asked) is None
    assert await TASK.take(CONTEXT, state, Given("  ")) is None


async def test_what_is_over_is_left_without_a_word() -> None:
    state = TaskState("check_offer", OVER, {"text": "x"})
    assert registry.back(CONTEXT, state).state is None
    assert registry.back(CONTEXT, TaskState("check_offer", "waiting")).replies
    begun = await registry.begin(TASK, CONTEXT, Given(), state)
    assert registry.PARKED not in begun.keeps
    assert "bagian lain" in TASK.ask(CONTEXT, state).text


async def test_another_offer_by_button_though_the_task_is_not_in_hand() -> None:
    step = await registry.tapped(CONTEXT, None, "check_offer:new")
    assert step is not None
    assert step.state == TaskState("check_offer", "waiting")
    assert await registry.tapped(CONTEXT, None, "check_offer:gone") is None


async def test_many_signs_are_named_shortly() -> None:
    everything = (
        f"{RISKY}. umur bisa diatur, umur 16. ijazah asli ditahan. kontrak di sana. judi online Kamboja. tanpa tes. "
        "besok berangkat. jalan tikus. jangan cerita. punya orang dalam. potong gaji"
    )
    step = await TASK.start(CONTEXT, Given(everything, forwarded=True))
    assert "Tanda lain:" in step.replies[0].text
    assert len(step.replies[0].text) < 4096
