"""Content: answers with drafts, preview and diff; lists with a report before an import."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.answers import read_answers
from core.catalogue import fill
from core.drafts import answer_of
from core.storage import Database
from core.storage.models import Centre
from core.storage.quality import AnswerDraft, HotlineDraft
from core.storage.staff import Audit
from tests.console.conftest import SignIn
from tests.core.small_content import CENTRE, CENTRES, PREPARED, content

__all__ = ["content"]
PASSPORT = "/content/answers/documents/passport"
TEXT = "Paspor & visa.\n\nLangkah berikutnya: siapkan KTP. [[hotline:kp2mi]]"
SCRIPTS = re.compile(r"<style|style=|<script(?![^>]*\bsrc=)|\son\w+=")


def form(**changes: Any) -> dict[str, Any]:
    """The editor's form."""
    return {
        "base": "0", "text": TEXT, "title_0": "Judul", "publisher_0": "Penerbit", "url_0": "https://www.example.org/x",
        "date_0": "2026-11", "title_1": "", "publisher_1": "", "url_1": "", "date_1": "", "checked": "2026-11-20",
        "review_by": "2027-05-20", "related": ["documents/checklist", "", ""], "do": "save", **changes,
    }  # fmt: skip


async def test_all_answers_are_listed_and_found(sign_in: SignIn) -> None:
    browser = await sign_in("editor")
    page = await browser.get("/content")
    assert page.text.count('href="/content/answers/') == len(read_answers())
    assert not SCRIPTS.search(page.text)
    assert len(page.text.encode()) < 150_000
    found = await browser.get("/content?q=paspor&theme=documents")
    assert 0 < found.text.count('href="/content/answers/') < 20
    for show in ("due", "missed", "unhelpful", "drafts"):
        assert (await browser.get(f"/content?show={show}")).status_code == 200


async def test_a_draft_is_seen_saved_exported_and_withdrawn(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("editor", name="ani")
    page = await browser.get(PASSPORT)
    assert page.status_code == 200
    assert not SCRIPTS.search(page.text)
    seen = await browser.post(PASSPORT, form(do="preview"))
    assert "Paspor &amp; visa." in seen.text
    assert "0-800-1000" in seen.text
    assert "Sumber: " in seen.text
    assert 'class="plus"' in seen.text
    async with database.read() as session:
        assert (await session.scalars(select(AnswerDraft))).all() == []
    assert (await browser.post(PASSPORT, form())).status_code == 303
    async with database.read() as session:
        draft = (await session.scalars(select(AnswerDraft))).one()
        assert (draft.staff, draft.text) == ("ani", TEXT)
        assert (await session.scalars(select(Audit.action).where(Audit.kind == "answer"))).all() == ["draft"]
    assert 'class="mark blue"' in (await browser.get("/content?show=drafts")).text
    assert "ani" in (await browser.get(PASSPORT)).text
    patch = await browser.post("/content/answers.diff")
    assert patch.text.startswith("--- a/domain/answers/documents.yml")
    assert "+        Paspor & visa." in patch.text
    assert (await browser.post(PASSPORT, form(base=str(draft.id), do="withdraw"))).status_code == 303
    assert (await browser.post("/content/answers.diff")).status_code == 404


async def test_a_bad_draft_is_not_saved_and_not_lost(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("editor")
    await browser.get(PASSPORT)
    for change in ({"date_0": "kemarin"}, {"text": "x" * 701}, {"title_0": "", "publisher_0": "", "url_0": "", "date_0": ""},
                   {"checked": "besok"}, {"text": "[[hotline:salah]] pendek"}):  # fmt: skip
        refused = await browser.post(PASSPORT, form(**change))
        assert refused.status_code == 422
        assert "Belum bisa disimpan" in refused.text
        assert str(change.get("text", TEXT)).split("[")[0].strip()[:6] in refused.text
    async with database.read() as session:
        assert (await session.scalars(select(AnswerDraft))).all() == []


async def test_two_editors(sign_in: SignIn) -> None:
    ani, budi = await sign_in("editor", name="ani"), await sign_in("editor", name="budi")
    await budi.get(PASSPORT)
    assert (await ani.post(PASSPORT, form())).status_code == 303
    late = await budi.post(PASSPORT, form(text="Punya Budi.\n\nLangkah berikutnya: x"))
    assert late.status_code == 409
    assert "Punya Budi." in late.text
    assert (await ani.get("/content/answers/documents/tidak_ada")).status_code == 404


async def test_a_list_is_searched_changed_and_downloaded(
    sign_in: SignIn, database: Database, content: Path
) -> None:
    await fill(database)
    browser = await sign_in("editor")
    page = await browser.get("/content/lists/centres?q=kenanga")
    assert "Kenanga" in page.text
    assert "Terusan" not in page.text
    assert '<svg class="chart"' in page.text
    row = (await browser.get("/content/lists/centres/0")).text
    digest = re.search(r'name="digest" value="(\w+)"', row)
    assert digest is not None
    fields = dict(re.findall(r'<input name="(\w+)" value="([^"]*)"', row))
    fields |= {"note": "", "source_title": "Judul", "digest": digest[1]}
    refused = await browser.post("/content/lists/centres/0", {**fields, "lat": "99"})
    assert (refused.status_code, "outside Indonesia" in refused.text) == (422, True)
    saved = await browser.post("/content/lists/centres/0", {**fields, "year": "2019", "do": "save"})
    assert saved.status_code == 303
    assert (await browser.post("/content/lists/centres/0", {**fields, "year": "2018"})).status_code == 409
    async with database.read() as session:
        assert await session.scalar(select(Centre.year).where(Centre.area_code == "32.12.16.2004")) == 2019
    text = (await browser.get("/content/lists/centres.csv")).text
    assert text.startswith("village,district")
    assert (await browser.get("/content/lists/staff")).status_code == 404
    assert (await browser.get("/content/lists/hotlines/0")).status_code == 404
    assert (await browser.get("/content/lists/centres/77")).status_code == 404
    for name in ("offices", "agencies", "hotlines", "offices/new"):
        assert (await browser.get(f"/content/lists/{name}")).status_code == 200


async def test_a_file_is_reported_before_it_is_taken(
    sign_in: SignIn, database: Database, content: Path
) -> None:
    await fill(database)
    browser = await sign_in("editor")
    await browser.get("/content/lists/centres")
    path = "/content/lists/centres/import"

    def sent(text: str) -> dict[str, Any]:
        return {"files": {"file": ("daftar.csv", text.encode(), "text/csv")}}

    bad = await browser.post(path, {"do": "check"}, **sent(CENTRES + CENTRE + CENTRE))
    assert bad.status_code == 422
    assert "line 3" in bad.text
    assert 'value="take"' not in bad.text
    good = await browser.post(path, {"do": "check"}, **sent(CENTRES + PREPARED))
    assert good.status_code == 200
    assert "32.12.16.2004" in good.text  # it would be gone
    token = re.search(r'name="token" value="(\w+)"', good.text)
    assert token is not None
    async with database.read() as session:
        assert len((await session.scalars(select(Centre))).all()) == 2
    assert (await browser.post(path, {"do": "take", "token": token[1]})).status_code == 303
    async with database.read() as session:
        assert (await session.scalars(select(Centre.village))).all() == ["Terusan"]
        assert (await session.scalars(select(Audit.action).where(Audit.kind == "list"))).all() == ["import"]
    for wrong in ("", "../../x", "0" * 64):
        assert (await browser.post(path, {"do": "take", "token": wrong})).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/content",
        PASSPORT,
        "/content/lists/centres",
        "/content/lists/centres.csv",
        "/content/lists/hotlines",
        "/content/lists/hotlines/kp2mi",
    ],
)
async def test_reviewers_may_not_change_content(sign_in: SignIn, path: str) -> None:
    assert (await (await sign_in("reviewer")).get(path)).status_code == 403


BERN = {
    "base": "0", "id": "kbri_bern", "name": "KBRI Bern", "numbers": "+41 31 3520983\n+41 79 1234567", "channel": "phone",
    "country": "*", "kind": "embassy", "seen": "2026-10", "title": "Kontak KBRI Bern", "publisher": "Kemlu",
    "url": "https://www.example.org/bern", "date": "2026-10-02", "hours": "", "languages": "id, en", "note": "",
    "topics": ["help/embassy"], "do": "save",
}  # fmt: skip
HOTLINE = "/content/lists/hotlines"


async def test_a_hotline_is_added_changed_and_taken_back(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("editor", name="ani")
    assert (await browser.get(f"{HOTLINE}/new")).status_code == 200
    seen = await browser.post(f"{HOTLINE}/new", {**BERN, "do": "preview"})
    assert "+41 31 3520983 / +41 79 1234567 (KBRI Bern, terlihat Oktober 2026)" in seen.text
    assert not SCRIPTS.search(seen.text)
    assert (await browser.post(f"{HOTLINE}/new", BERN)).status_code == 303
    page = await browser.get(f"{HOTLINE}?q=bern")
    assert "draf baru" in page.text
    assert page.text.count('href="/content/lists/hotlines/') == 2  # the entry, and the one for another
    again = await browser.post(f"{HOTLINE}/new", BERN)
    assert again.status_code == 409
    async with database.read() as session:
        draft = (await session.scalars(select(HotlineDraft))).one()
        assert (draft.line, draft.staff, draft.entry["numbers"][1]) == ("kbri_bern", "ani", "+41 79 1234567")
        assert (await session.scalars(select(Audit.action).where(Audit.kind == "hotline"))).all() == ["draft"]
    await browser.get(f"{HOTLINE}/kp2mi")
    changed = {
        **BERN,
        "name": "KP2MI (gratis)",
        "numbers": "0-800-1000",
        "country": "ID",
        "kind": "complaint",
    }
    assert (await browser.post(f"{HOTLINE}/kp2mi", changed)).status_code == 303
    patch = (await browser.post(f"{HOTLINE}.diff")).text
    assert patch.startswith("--- a/content/hotlines.yml")
    assert "+- id: kbri_bern" in patch
    assert '+  name: "KP2MI (gratis)"' in patch
    own = await browser.get(f"{HOTLINE}/kbri_bern")
    assert "ani" in own.text
    assert (
        await browser.post(f"{HOTLINE}/kbri_bern", {"base": str(draft.id), "do": "withdraw"})
    ).status_code == 303
    assert "kbri_bern" not in (await browser.get(HOTLINE)).text


async def test_a_hotline_is_refused_by_field_and_not_lost(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("editor")
    await browser.get(f"{HOTLINE}/new")
    for field, value in (("id", "KBRI Bern"), ("id", "kp2mi"), ("name", ""), ("numbers", ""), ("numbers", "telepon saja"),
                         ("country", "XX"), ("kind", "?"), ("channel", "merpati"), ("seen", ""), ("seen", "2999"),
                         ("seen", "2026-13"), ("title", ""), ("publisher", ""), ("url", "javascript:1"), ("date", "kemarin"),
                         ("languages", "Indonesia"), ("topics", ["help/x"]), ("note", "<b>")):  # fmt: skip
        refused = await browser.post(f"{HOTLINE}/new", {**BERN, field: value})
        assert refused.status_code == 422, field
        assert f'id="bad-{field}"' in refused.text
        assert "Kontak KBRI Bern" in refused.text or field == "title"
    async with database.read() as session:
        assert (await session.scalars(select(HotlineDraft))).all() == []


async def test_a_hotline_goes_only_if_nothing_names_it(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("editor")
    for named in ("kp2mi", "polri110", "sapa129"):
        await browser.get(f"{HOTLINE}/{named}")
        refused = await browser.post(f"{HOTLINE}/{named}", {"base": "0", "do": "remove"})
        assert (refused.status_code, named in refused.text) == (422, True)
    await browser.get(f"{HOTLINE}/qa_sms")
    assert (await browser.post(f"{HOTLINE}/qa_sms", {"base": "0", "do": "remove"})).status_code == 303
    assert "dihapus" in (await browser.get(f"{HOTLINE}?q=qa_sms")).text
    patch = (await browser.post(f"{HOTLINE}.diff")).text
    assert "-- id: qa_sms" in patch
    assert not re.search(r"^\+[^+]", patch, re.MULTILINE)
    late = await browser.post(f"{HOTLINE}/qa_sms", {"base": "0", "do": "withdraw"})
    assert late.status_code == 409


async def test_a_draft_keeps_what_the_form_has_no_field_for(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("editor")
    page = "/content/answers/money/salary"
    assert "TW" in (await browser.get(page)).text, (
        "the editor is told which countries have a text of their own"
    )
    assert (await browser.post(page, form())).status_code == 303
    async with database.read() as session:
        draft = answer_of((await session.scalars(select(AnswerDraft))).one())
    filed = read_answers()["money/salary"]
    assert filed.by_country
    assert (draft.by_country, draft.numbers_first) == (filed.by_country, filed.numbers_first)
