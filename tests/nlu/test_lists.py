"""Entities, follow-ups and clauses: what stands in nlu/lexicon, without Rasa."""

import pytest

from nlu.components.clauses import MOST, Clauses
from nlu.components.entity_lists import EntityLists
from nlu.components.follow_ups import FollowUps

LISTS, FOLLOW_UPS, CLAUSES = EntityLists.read(), FollowUps.read(), Clauses.read()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gaji di taiwan", [("country", "TW", "taiwan")]),
        ("mau ke hongkonge", [("country", "HK", "hongkonge")]),
        ("hilang di malasyia", [("country", "MY", "malasyia")]),
        ("kerja sawit", [("sector", "plantation", "sawit")]),
        ("jadi pembantu rumah tangga", [("sector", "domestic", "pembantu rumah tangga")]),
        ("g to g korea", [("scheme", "g_to_g", "g to g"), ("country", "KR", "korea")]),
        ("KTP sama KK", [("document", "id_card", "KTP"), ("document", "family_card", "KK")]),
        ("orang indramyu", [("place", "Kabupaten Indramayu", "indramyu")]),
        ("disnaker batu", [("place", "Kota Batu", "batu")]),
        ("batu bata", []),
        ("bayar 30 juta", [("money", "IDR 30000000", "30 juta")]),
        ("Rp 5.000.000, lunas", [("money", "IDR 5000000", "Rp 5.000.000")]),
        ("NT$29.500", [("money", "TWD 29500", "NT$29.500")]),
        ("rm1700 sebulan", [("money", "MYR 1700", "rm1700")]),
        ("1,5jt", [("money", "IDR 1500000", "1,5jt")]),
        ("umur 20 tahun, 2 anak", []),
        ("tanggal 30 september 2025", [("date", "2025-09-30", "30 september 2025")]),
        ("5/9/2026", [("date", "2026-09-05", "5/9/2026")]),
        ("99/99/2026", []),
        ("berangkat bulan depan", [("date", "bulan depan", "bulan depan")]),
        ("", []),
        ("[nomor telepon]", []),
    ],
)
def test_entities(text: str, found: list[tuple[str, str, str]]) -> None:
    named = LISTS.find(text)
    assert [(e.entity, e.value, e.text) for e in named] == found
    assert all(text[e.start : e.end] == e.text for e in named)


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "rp " * 20_000, "1." * 20_000, "İİİ taiwan", "\ud800 taiwan", "x" * 50_000]
)
def test_odd_texts_are_read(text: str) -> None:
    assert all(text[e.start : e.end] == e.text for e in LISTS.find(text))
    CLAUSES.questions(text)
    FOLLOW_UPS.look(text)


@pytest.mark.parametrize(
    ("text", "topic", "target"),
    [
        ("biayanya berapa ?", "documents/passport", "documents/passport_cost"),
        ("dimana", "health/checkup", "health/where"),
        ("berapa lama", "health/checkup", "health/checkup"),
        ("itu boleh tidak ?", "migration/broker", "migration/broker"),
        ("bayare piro", "insurance/what", "insurance/cost"),
        ("sabaraha biayana ?", "documents/passport", "documents/passport_cost"),
        ("gajinya ?", "destinations/japan", "money/salary"),
    ],
)
def test_a_bare_message_asks_about_the_topic_before_it(text: str, topic: str, target: str) -> None:
    look = FOLLOW_UPS.look(text)
    assert look.is_bare
    assert FOLLOW_UPS.target(look, topic, None) == target


def test_a_country_alone_is_a_case() -> None:
    look = FOLLOW_UPS.look("kalau hong kong ?", ["hong kong"])
    assert look.is_bare
    assert FOLLOW_UPS.target(look, "destinations/taiwan", "HK") == "destinations/hong_kong"
    assert FOLLOW_UPS.target(look, "money/salary", "HK") == "money/salary"


@pytest.mark.parametrize(
    "text",
    ["terima kasih", "halo", "paspor hilang", "biaya paspor berapa", "majikan pukul saya", "", "?", "ok"],
)
def test_what_stands_alone_is_not_bare(text: str) -> None:
    assert not FOLLOW_UPS.look(text).is_bare


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("biaya paspor berapa sama medikal dimana", ["biaya paspor berapa", "medikal dimana"]),
        ("apa itu opp? terus kur syaratnya apa?", ["apa itu opp", "kur syaratnya apa"]),
        ("KTP dan KK beda nama", []),
        ("suami dan orang tua harus tanda tangan apa", []),
        ("saya lulusan SMP, umur 20, syaratnya apa", []),
        ("halo", []),
        ("", []),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    assert CLAUSES.questions(text) == clauses


def test_a_story_has_a_limited_number_of_questions() -> None:
    story = " ".join(
        f"saya cerita panjang lebar soal ini, lalu biayanya berapa nomor {n}?" for n in range(40)
    )
    assert 0 < len(CLAUSES.questions(story)) <= MOST
