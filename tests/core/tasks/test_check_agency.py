"""Check an agency: three answers, each with the list's day, never more; the second question; no list."""

import re
from dataclasses import replace
from datetime import date

import pytest

from core.catalogue import import_table
from core.languages import translator
from core.storage import Database
from core.tasks import registry
from core.tasks.check_agency import CheckAgency
from core.tasks.task import Context, Given, Step, TaskState
from tests.core.test_agencies import FICTIONAL

TASK = CheckAgency()
NO_LIST = Context(translator("id"), date(2026, 11, 25))


@pytest.fixture
async def context(database: Database) -> Context:
    await import_table(database, "agencies", FICTIONAL)
    return replace(NO_LIST, database=database)


def said(step: Step | None) -> str:
    assert step is not None
    text = "\n".join(reply.text for reply in step.replies)
    assert not re.search(r"\baman\b|terpercaya", text.lower())
    return text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (
            "PT Contoh Rekaan Samudra Jaya",
            "ada dalam daftar P3MI per 1 November 2026, nomor izin SIP3MI/000/REKAAN",
        ),
        ("Misal Langit Biru", "dibekukan (skorsing) menurut daftar per 1 November 2026"),
        ("umpama bintang timur", "izinnya dicabut menurut daftar per 1 November 2026"),
        ("PT Tak Dikenal Siapapun", "tidak ada dalam daftar kami per 1 November 2026"),
    ],
)
async def test_three_answers_each_with_its_day(context: Context, name: str, answer: str) -> None:
    asked = await TASK.start(context, Given("cek perusahaan"))
    assert asked.state == TaskState("check_agency", "name")
    step = await TASK.take(context, asked.state, Given(name))
    assert answer in said(step)
    assert "siskop2mi" in said(step)
    assert step is not None
    assert step.replies[0].checked == "2026-11-01"
    assert step.replies[0].sources[0].publisher == "Penerbit Rekaan"
    assert step.state == TaskState("check_agency", "country")


async def test_the_name_may_come_with_the_wish(context: Context) -> None:
    step = await TASK.start(context, Given("tolong cek PT Misal Langit Biru ada izinnya tidak"))
    assert "dibekukan" in said(step)


async def test_of_two_with_one_name_the_warning_comes_first(context: Context) -> None:
    text = said(await TASK.start(context, Given("PT Kembar Rekaan resmi?")))
    assert text.index("dicabut") < text.index("ada dalam daftar")


async def test_a_name_like_another_is_asked_back_by_buttons_or_number(context: Context) -> None:
    step = await TASK.start(context, Given("cek PT Contoh Rekan Samudra Jaya"))
    assert step.state is not None
    assert step.state.step == "which"
    assert "ada dalam daftar P3MI" not in said(step)
    picked = await registry.tapped(context, step.state, "check_agency:pick:0")
    assert "ada dalam daftar P3MI" in said(picked)
    assert "ada dalam daftar P3MI" in said(await TASK.take(context, step.state, Given("1")))
    none = await registry.tapped(context, step.state, "check_agency:none")
    assert "tidak ada dalam daftar kami" in said(none)
    other = await TASK.take(context, step.state, Given("PT Umpama Bintang Timur"))
    assert "dicabut" in said(other)
    for value in ("pick:9", "pick:x", "gone", "pick"):
        assert await registry.tapped(context, step.state, f"check_agency:{value}") is None
    assert TASK.ask(context, step.state) == step.replies[0]


async def test_then_the_job_order_for_the_country(context: Context) -> None:
    state = TaskState("check_agency", "country")
    by_text = await TASK.take(context, state, Given("ke hongkong"))
    by_tap = await registry.tapped(context, state, "check_agency:to:HK")
    assert by_text == by_tap
    assert "SIP2MI" in said(by_tap)
    assert "Hong Kong" in said(by_tap)
    assert by_tap is not None
    assert by_tap.state is None
    assert "negara yang ditawarkan" in said(await TASK.take(context, state, Given("lewati")))
    assert "Kamboja, Myanmar, dan Thailand" in said(await TASK.take(context, state, Given("kamboja")))
    assert "Timur Tengah" in said(await registry.tapped(context, state, "check_agency:to:SA"))
    assert await registry.tapped(context, state, "check_agency:to:XX") is None
    assert await TASK.take(context, state, Given("gaji di taiwan berapa ya?")) is None
    assert await TASK.take(context, state, Given("entahlah")) is None


async def test_questions_are_left_to_others(context: Context) -> None:
    state = TaskState("check_agency", "name")
    question = Given("biaya paspor berapa", topic="documents/passport", confidence=0.9)
    assert await TASK.take(context, state, question) is None
    assert await TASK.take(context, state, Given("apa itu p3mi?")) is None
    # a company's name may read like a question
    named = Given("umpama bintang timur", topic="money/salary", confidence=0.9)
    assert "dicabut" in said(await TASK.take(context, state, named))


@pytest.mark.parametrize("text", ["", "cek PT Contoh Rekaan Samudra Jaya"])
async def test_without_a_list_it_says_so_and_how_to_confirm(text: str) -> None:
    step = await TASK.start(NO_LIST, Given(text))
    assert "belum punya daftar" in said(step)
    assert "siskop2mi" in said(step)
    assert step.state == TaskState("check_agency", "country")


async def test_another_one(context: Context) -> None:
    step = await registry.tapped(context, None, "check_agency:new")
    assert step is not None
    assert step.state == TaskState("check_agency", "name")
    assert await registry.tapped(context, None, "check_agency:to:HK") is None
