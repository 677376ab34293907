"""Reports: numbers, filing, status, what outlives the chat, doors, the PDF."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from core.centres import Office
from core.hotlines import hotlines
from core.languages import translator
from core.report_doors import DOORS, DoorError, doors, lines_for, missions, offices_of, read_doors
from core.report_pdf import make_pdf
from core.reports import (
    Answers,
    FileReport,
    ReportError,
    all_reports,
    asked_number,
    asks_status,
    by_number,
    new_number,
    of_chat,
    set_status,
)
from core.storage import Database, cases, models
from core.storage.types import now
from core.tasks.effects import effect_from_dict, effect_to_dict
from core.tasks.report_words import status_reply
from core.tasks.task import Context

TODAY = date(2026, 11, 25)
ANSWERS = Answers(
    "self", "wage", "HK", "Kabupaten Rekaan, Jawa Barat", "majikan rekaan tidak bayar", "kontrak", ""
)
FILE = FileReport("D-BCDF-GHJK", "wage", "HK", True, ANSWERS.to_dict())


@pytest.fixture
async def filed(database: Database) -> Database:
    async with database.begin() as session:
        session.add(models.Chat(id="siti", address="1"))
        await session.flush()
        again = effect_from_dict(effect_to_dict(FILE))
        await again.apply(session, "siti", now())
    return database


def test_numbers_are_readable_different_and_found_again() -> None:
    numbers = {new_number() for _time in range(500)}
    assert len(numbers) == 500
    for number in numbers:
        assert re.fullmatch(r"D-[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}", number)
        assert asked_number(f"min status laporan {number.lower()} gimana?") == number
        assert asked_number(number.replace("-", " - ")) == number


@pytest.mark.parametrize(
    "said", ["status laporan saya", "laporan saya statusnya apa", "D-BCDF-GHJK", "status pengaduan"]
)
def test_asking_for_the_status(said: str) -> None:
    assert asks_status(said)


@pytest.mark.parametrize(
    "said",
    [
        "mau lapor majikan",
        "status perkawinan di ktp",
        "D-1234-5678",
        "D-AEIO-UAEI",
        "x " * 100 + "D-BCDF-GHJK",
    ],
)
def test_other_things(said: str) -> None:
    assert not asks_status(said)


async def test_a_report_is_filed_encrypted_and_its_status_told(filed: Database) -> None:
    async with filed.read() as session:
        stored = (await session.execute(text("select content from reports"))).scalar_one()
    assert "rekaan" not in stored
    found = await by_number(filed, "D-BCDF-GHJK")
    assert found is not None
    assert found.answers == ANSWERS
    assert [report.number for report in await of_chat(filed, "siti")] == ["D-BCDF-GHJK"]
    context = Context(translator("id"), TODAY, database=filed, chat="siti")
    assert "belum dibaca petugas" in (await status_reply(context, "status laporan D-BCDF-GHJK")).text
    assert "belum dibaca petugas" in (await status_reply(context, "status laporan saya")).text
    assert "rekaan" not in (await status_reply(context, "D-BCDF-GHJK")).text
    await set_status(filed, "D-BCDF-GHJK", "taken")
    assert "sedang ditangani" in (await status_reply(context, "status laporan saya")).text
    await set_status(filed, "D-BCDF-GHJK", "closed")
    assert "sudah ditutup" in (await status_reply(context, "status laporan saya")).text
    assert "tidak ada" in (await status_reply(context, "D-ZZZZ-ZZZZ")).text
    assert "/lapor" in (await status_reply(replace(context, chat="other"), "status laporan saya")).text


async def test_it_goes_with_the_chat_until_it_was_taken(filed: Database) -> None:
    async with filed.begin() as session:
        session.add(models.Chat(id="ani", address="2"))
        await session.flush()
        await replace(FILE, number="D-WWWW-WWWW").apply(session, "ani", now())
    await set_status(filed, "D-BCDF-GHJK", "taken")
    async with filed.begin() as session:
        await session.execute(delete(models.Chat))
    async with filed.read() as session:
        rows = list(await session.scalars(select(cases.Report)))
    assert [(row.number, row.chat, row.taken_from) for row in rows] == [("D-BCDF-GHJK", None, None)]
    assert [report.status for report in await all_reports(filed)] == ["taken"]
    assert await all_reports(filed, ("new",)) == []


async def test_what_cannot_be_changed(filed: Database) -> None:
    with pytest.raises(ReportError, match="no report D-X"):
        await set_status(filed, "D-X", "taken")
    with pytest.raises(ReportError, match="unknown"):
        await set_status(filed, "D-BCDF-GHJK", "new")


def office(kind: str, regency: str) -> Office:
    return Office(
        kind, f"{kind} {regency}", "", regency, "Jawa Rekaan", None, None, None, "t", "https://x", "2020"
    )


def test_doors_by_kind_and_place() -> None:
    t = translator("id")
    kinds = doors().kinds
    abroad, sources = lines_for(t, kinds["wage"], "HK", [], TODAY)
    assert any("KJRI Hong Kong" in line for line in abroad)
    assert any("+62 21 2924 4800" in line for line in abroad)
    assert sources[0] == kinds["wage"].source
    home, _sources = lines_for(t, kinds["violence"], "ID", [office("LTSA", "Kabupaten Satu")], TODAY)
    assert any("129" in line for line in home)
    assert any("LTSA Kabupaten Satu (Kabupaten Satu, 2020)" in line for line in home)
    for kind in kinds.values():
        for country in (None, "ID", "SG", "XX", "KH"):
            lines, sources = lines_for(t, kind, country, [], TODAY)
            assert len(lines) >= 2
            assert all(source.title for source in sources)
    assert len(missions()) > 10


def test_offices_of_a_home() -> None:
    known = [
        office("BP3MI", "Kota Rekaan"),
        office("disnaker", "Kabupaten Satu"),
        office("LTSA", "Kabupaten Satu"),
    ]
    assert [o.kind for o in offices_of(known, "Kabupaten Satu", "Jawa Rekaan")] == ["LTSA", "disnaker"]
    assert [o.kind for o in offices_of(known, "Kabupaten Dua", "Jawa Rekaan")] == ["BP3MI"]
    assert offices_of(known, "Kabupaten Satu", "Lain") == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("gaji saya tidak dibayar", "wage"),
        ("dipukuli majikan", "violence"),
        ("paspor ditahan", "papers"),
        ("ditipu calo, sudah setor uang", "money"),
    ],
)
def test_a_kind_in_words(said: str, kind: str) -> None:
    found = doors().kind_in(said)
    assert found is not None
    assert found.id == kind
    assert doors().kind_in("hmm") is None


@pytest.mark.parametrize(
    ("old", "new"), [("kp2mi_abroad", "nobody"), ("\nkinds:", "\nnone:"), ("  advice:", "  advise:")]
)
def test_a_faulty_file_of_doors_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "doors.yml"
    path.write_text(DOORS.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(DoorError):
        read_doors(path, hotlines())


@pytest.mark.parametrize(
    "words", ["biasa", "“kutip” – €5 …", "🚨 gambar 日本 عربي", "x" * 5_000, "", "\n\n", "a\u0000b"]
)
def test_a_pdf_of_any_words(words: str) -> None:
    file = make_pdf("ringkasan.pdf", words, [words, "baris"], words)
    assert file.media_type == "application/pdf"
    assert file.data.startswith(b"%PDF-")
    assert b"%%EOF" in file.data
