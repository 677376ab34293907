"""Report: by buttons alone, by text alone, skipping everything, questions on the way, what is filed and what is not."""

import json
import re
from dataclasses import asdict, replace
from datetime import date

import pytest
from sqlalchemy import insert

from core.catalogue import CONTENT, import_table
from core.gazetteer import read_areas
from core.languages import translator
from core.reports import Answers, FileReport, asked_number
from core.storage import Database, models
from core.tasks import registry
from core.tasks.report import Report
from core.tasks.report_words import STEPS
from core.tasks.task import Context, Given, Step, TaskState

TASK = Report()
CONTEXT = Context(translator("id"), date(2026, 11, 25))


@pytest.fixture
async def context(database: Database) -> Context:
    upper = [
        {**asdict(area), "parent_code": area.parent}
        for area in read_areas(CONTENT / "geography")
        if area.level in ("province", "regency")
    ]
    for row in upper:
        del row["parent"]
    async with database.begin() as session:
        await session.execute(insert(models.Area), upper)
    await import_table(database, "offices", CONTENT / "offices.csv")
    return replace(CONTEXT, database=database)


async def tap(context: Context, state: TaskState | None, value: str) -> Step:
    step = await registry.tapped(context, state, f"report:{value}")
    assert step is not None, value
    return step


async def write(context: Context, state: TaskState | None, text: str) -> Step:
    assert state is not None
    step = await registry.proceed(context, state, Given(text))
    assert step is not None, text
    return step


async def test_by_text_alone(context: Context) -> None:
    step = await TASK.start(context, Given("mau lapor"))
    assert "(1/7)" in step.replies[0].text
    for text in (
        "buat suami saya",
        "gajinya ngga dibayar 3 bulan",
        "di taiwan",
        "indramayu",
        "sejak agustus majikan PT Rekaan Jaya tidak bayar NT$20.000",
        "ada kontrak dan percakapan",
        "Bu Rekaan",
    ):
        step = await write(context, step.state, text)
    assert step.state is not None
    assert step.state.step == "confirm"
    preview = step.replies[0].text
    for told in (
        "Untuk: keluarga",
        "Gaji tidak dibayar",
        "Negara: Taiwan",
        "Kabupaten Indramayu",
        "PT Rekaan Jaya",
        "Pelapor: Bu Rekaan",
    ):
        assert told in preview
    end = await write(context, step.state, "ya kirim")
    assert end.state is None
    [filed] = end.effects
    assert isinstance(filed, FileReport)
    assert (filed.kind, filed.country, filed.anonymous) == ("wage", "TW", False)
    told = "\n".join(reply.text for reply in end.replies)
    assert filed.number in told
    assert asked_number(f"status laporan {filed.number}") == filed.number
    for door in (
        "KDEI Taipei",
        "1955",
        "+62 21 2924 4800",
        "LTSA PMI Kabupaten Indramayu",
        "Catat tanggal kerja",
    ):
        assert door in told, door
    file = end.replies[-1].file
    assert file is not None
    assert file.name == f"{filed.number}.pdf"
    assert file.data.startswith(b"%PDF-")
    assert end.replies[-1].sources
    assert Step.from_dict(json.loads(json.dumps(end.to_dict()))) == end


async def test_by_buttons_alone(context: Context) -> None:
    step = await TASK.start(context, Given())
    for value in (
        "who:self",
        "kind:money",
        "country:ID",
        "place:skip",
        "story:skip",
        "evidence:skip",
        "name:noname",
    ):
        step = await tap(context, step.state, value)
        assert step.in_place
    end = await tap(context, step.state, "confirm:send")
    [filed] = end.effects
    assert isinstance(filed, FileReport)
    assert (filed.kind, filed.country, filed.anonymous) == ("money", "ID", True)
    assert "110" in end.replies[-1].text


async def test_every_button_shown_leads_on(context: Context) -> None:
    state: TaskState | None = (await TASK.start(context, Given())).state
    for _question in STEPS:
        assert state is not None
        shown = [choice for row in TASK.ask(context, state).buttons for choice in row]
        assert shown
        for choice in shown:
            step = await tap(context, state, choice.data.split(":", 2)[2].removeprefix("report:"))
            assert step.state is not None
        state = step.state


async def test_all_may_be_skipped_and_kept_to_oneself() -> None:
    step = await TASK.start(CONTEXT, Given())
    for _question in STEPS:
        step = await write(CONTEXT, step.state, "lewati")
    end = await write(CONTEXT, step.state, "ringkasan saja")
    assert end.effects == ()
    assert "tidak dikirim" in end.replies[0].text
    assert end.replies[-1].file is not None
    assert "(tidak diisi)" in end.replies[-1].text


async def test_violence_by_button_gets_its_card_first() -> None:
    step = await TASK.start(CONTEXT, Given())
    step = await tap(CONTEXT, step.state, "who:self")
    step = await tap(CONTEXT, step.state, "kind:violence")
    assert not step.in_place
    assert step.replies[0].topic == "help/abuse"
    assert "(3/7)" in step.replies[-1].text


async def test_a_question_in_between_is_left_to_others() -> None:
    state = TaskState("report", "story", {"answers": Answers().to_dict()})
    asked = Given("sebentar, paspor itu berapa", topic="documents/cost", confidence=0.9)
    assert await TASK.take(CONTEXT, state, asked) is None
    told = Given("majikan tidak bayar gaji saya tiga bulan", topic="help/unpaid_wages", confidence=0.95)
    assert await TASK.take(CONTEXT, state, told) is not None
    who = TaskState("report", "who", {"answers": Answers().to_dict()})
    assert await TASK.take(CONTEXT, who, Given("hmm")) is None
    assert await TASK.take(CONTEXT, who, Given("")) is None


async def test_old_buttons_and_a_new_start() -> None:
    state = TaskState("report", "country", {"answers": Answers().to_dict()})
    assert await registry.tapped(CONTEXT, state, "report:who:self") is None
    assert await registry.tapped(CONTEXT, state, "report:country:XX") is None
    assert await registry.tapped(CONTEXT, None, "report:confirm:send") is None
    confirm = TaskState("report", "confirm", {"answers": Answers().to_dict()})
    assert await TASK.take(CONTEXT, confirm, Given("entah")) is None
    again = await tap(CONTEXT, confirm, "confirm:again")
    assert again.state is not None
    assert again.state.step == "who"


async def test_a_place_of_several_is_asked_back(context: Context) -> None:
    state = TaskState("report", "place", {"answers": Answers().to_dict()})
    step = await write(context, state, "malang")
    assert step.state is not None
    if step.state.step == "place":  # Kabupaten or Kota
        labels = [choice.text for row in step.replies[0].buttons for choice in row]
        assert any("Kota Malang" in label for label in labels)
        code = step.replies[0].buttons[0][0].data.split(":place:")[1]
        step = await tap(context, step.state, f"place:{code}")
    assert step.state is not None
    assert "Malang" in step.state.data["answers"]["place"]
    unknown = await write(context, state, "desa xqzt")
    assert unknown.state is not None
    assert unknown.state.data["answers"]["place"] == "desa xqzt"
    assert await registry.tapped(context, state, "report:place:99.99") is None


@pytest.mark.parametrize("language", ["en", "jv", "su"])
async def test_in_other_languages_too(language: str) -> None:
    context = replace(CONTEXT, t=translator(language))
    step = await TASK.start(context, Given())
    for _question in STEPS:
        step = await write(context, step.state, "skip")
    end = await tap(context, step.state, "confirm:keep")
    assert not re.search(r"\{\w*\}|\[\[", "".join(reply.text for reply in end.replies))
