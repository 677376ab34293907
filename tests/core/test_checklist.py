"""The rules of the checklist: whole, dated, and shown to whom they concern."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from core import plain_yaml
from core.checklist import CHECKLIST, ChecklistError, checklist, read_checklist
from core.checklist_words import option_of, profile_of, ticks_of
from core.topics import topics

RULES = checklist()


def ids(**profile: str) -> list[str]:
    return [item.id for item in RULES.items_for(profile)]


def notes(**profile: str) -> list[str]:
    return [note.id for note in RULES.notes_for(profile)]


def test_every_rule_has_a_source_a_date_and_a_topic() -> None:
    rules = [item.rule for item in RULES.items] + [note.rule for note in RULES.notes]
    rules += [detail for item in RULES.items for detail in item.details]
    assert len(rules) > 40
    for rule in rules:
        assert rule.sources, rule.text
        assert rule.checked >= "2026-11-23"
    for entry in (*RULES.items, *RULES.notes):
        assert entry.topic in topics()
    assert {item.lost for item in RULES.items if item.lost} >= {
        "documents/lost_passport",
        "documents/diploma",
    }


def test_an_unanswered_question_hides_nothing() -> None:
    general = ids()
    assert {"recommendation", "placement_agreement", "passport", "medical", "orientation"} <= set(general)
    assert not {"call_letter", "leave_letter", "risk_statement"} & set(general)
    assert notes() == []


@pytest.mark.parametrize(
    ("profile", "there", "missing"),
    [
        ({"scheme": "p_to_p"}, "placement_agreement recommendation", "call_letter health_card"),
        ({"scheme": "g_to_g"}, "passport", "placement_agreement recommendation call_letter"),
        (
            {"scheme": "independent"},
            "call_letter employer_profile risk_statement health_card",
            "placement_agreement",
        ),
        ({"trip": "on_leave"}, "leave_letter contract visa medical", "id_card family_permission orientation"),
        ({"trip": "on_leave", "scheme": "independent"}, "leave_letter", "call_letter risk_statement"),
    ],
)
def test_papers_follow_the_answers(profile: dict[str, str], there: str, missing: str) -> None:
    found = set(ids(**profile))
    assert set(there.split()) <= found
    assert not set(missing.split()) & found


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"age": "under_18"}, ["too_young"]),
        ({"country": "SA", "sector": "domestic"}, ["moratorium"]),
        ({"country": "SA", "sector": "nurse"}, []),
        ({"country": "KR", "scheme": "g_to_g"}, ["korea_age"]),
        ({"country": "MY", "sector": "domestic"}, ["malaysia_domestic"]),
        ({"country": "KH"}, ["no_cooperation"]),
        ({"scheme": "independent", "sector": "domestic"}, ["independent_domestic"]),
        ({"country": "TW"}, []),
    ],
)
def test_notes_concern_only_those_whom_they_are_for(profile: dict[str, str], expected: list[str]) -> None:
    assert notes(**profile) == expected


def test_papers_come_in_the_order_of_getting_them() -> None:
    order = ids(scheme="p_to_p", trip="first")
    assert order.index("id_card") < order.index("family_permission") < order.index("passport")
    assert order.index("passport") < order.index("visa") < order.index("e_pmi")


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("who", "buat istri saya", "wife"),
        ("who", "saya sendiri", "self"),
        ("who", "anak", "child"),
        ("country", "hongkong", "HK"),
        ("country", "ke polandia", "PL"),
        ("scheme", "lewat pt", "p_to_p"),
        ("scheme", "g2g", "g_to_g"),
        ("scheme", "mandiri aja", "independent"),
        ("sector", "jaga nenek", "domestic"),
        ("sector", "pabrik", "factory"),
        ("sector", "abk", "sea"),
        ("marital", "blm nikah", "single"),
        ("marital", "sudah menikah", "married"),
        ("marital", "janda", "formerly"),
        ("trip", "belum pernah", "first"),
        ("trip", "pernah", "again"),
        ("trip", "no", "first"),
        ("trip", "lagi cuti", "on_leave"),
        ("age", "17", "under_18"),
        ("age", "38 thn", "from_18"),
        ("age", "39", "from_39"),
        ("age", "di bawah 18", "under_18"),
        ("age", "entahlah", None),
        ("scheme", "warna biru", None),
    ],
)
def test_typed_answers_mean_options(question: str, text: str, value: str | None) -> None:
    asked = RULES.question(question)
    assert asked is not None
    assert option_of(RULES, asked, text) == value


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        (
            "buatin daftar dokumen, istri saya mau ke hongkong lewat pt",
            {"who": "wife", "country": "HK", "scheme": "p_to_p"},
        ),
        ("aku lajang 22 thn mau ke jepang", {"marital": "single", "age": "from_18", "country": "JP"}),
        ("saya janda anak dua mau ke Singapura", {"marital": "formerly", "country": "SG"}),
        ("daftar dokumen saya", {}),
        ("saya sudah siap lagi", {}),
    ],
)
def test_what_a_message_tells_by_the_way(text: str, profile: dict[str, str]) -> None:
    assert profile_of(RULES, text) == profile


@pytest.mark.parametrize(
    ("text", "have", "lack", "named"),
    [
        ("ktp sudah, kk juga, paspor belum", {"id_card"}, {"passport"}, set()),
        ("ktp, ijazah dan skck sudah ada", {"id_card", "birth_school", "police_record"}, set(), set()),
        ("3 5", {"marital_status", "recommendation"}, set(), set()),
        ("belum 3", set(), {"marital_status"}, set()),
        ("surat izin keluarga udah", {"family_permission"}, set(), set()),
        ("visa", set(), set(), {"visa"}),
        ("perjanjian kerja wis, perjanjian penempatan durung", {"contract"}, {"placement_agreement"}, set()),
        ("99", set(), set(), set()),
        ("terima kasih banyak", set(), set(), set()),
    ],
)
def test_typed_ticks(text: str, have: set[str], lack: set[str], named: set[str]) -> None:
    found = ticks_of(text, RULES.items_for({}))
    assert (set(found.have), set(found.lack), set(found.named)) == (have, lack, named)


def test_the_text_of_a_paper_fits_and_a_note_is_short() -> None:
    for item in RULES.items:
        assert len(item.name) <= 45
        assert len(item.id) <= 20
    for note in RULES.notes:
        assert len(note.rule.text) <= 260


# what is wrong is named


def broken(tmp_path: Path, change: Any) -> str:
    raw = plain_yaml.load(CHECKLIST.read_text("utf-8"))
    change(raw)
    path = tmp_path / "checklist.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    with pytest.raises(ChecklistError) as raised:
        read_checklist(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw["items"][0].pop("sources"), "item id_card: sources are missing"),
        (lambda raw: raw["items"][0].update(sources=["nowhere"]), "item id_card: no source nowhere"),
        (
            lambda raw: raw["items"][0].update(topic="documents/none"),
            "item id_card: topic documents/none is no topic",
        ),
        (lambda raw: raw["items"][0].update(checked=2026), "item id_card: checked must be"),
        (lambda raw: raw["items"][0].update(order="ten"), "item id_card: order must be a number"),
        (
            lambda raw: raw["items"][0].update(when={"trip": ["never"]}),
            "item id_card: trip has no answer never",
        ),
        (
            lambda raw: raw["items"][0].update(only={"country": ["XX"]}),
            "item id_card: country has no answer XX",
        ),
        (lambda raw: raw["items"][0].update(id="a" * 21), "the id is over 20 letters"),
        (lambda raw: raw["items"].append(dict(raw["items"][0])), "item id_card stands twice"),
        (lambda raw: raw["notes"][0].update(text=""), "note too_young: text must be text"),
        (lambda raw: raw["sources"].update(more=dict(raw["sources"]["law13"])), "source more is not used"),
        (lambda raw: raw["sources"]["law13"].pop("url"), "source law13: needs title"),
        (lambda raw: raw["questions"].pop(0), "question who is missing"),
        (lambda raw: raw["ages"].update(old=[60, 90]), "ages: no option old"),
        (lambda raw: raw.pop("items"), "items must be a list"),
        (lambda raw: raw.pop("sources"), "sources is missing"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, change: Any, message: str) -> None:
    assert message in broken(tmp_path, change)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "checklist.yml"
    path.write_text("items: [", "utf-8")
    with pytest.raises(ChecklistError, match="cannot be read"):
        read_checklist(path)
    path.write_text("[]", "utf-8")
    with pytest.raises(ChecklistError, match="must have"):
        read_checklist(path)
