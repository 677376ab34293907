"""Offers: invented ones with their main sign, denials and warnings, exact quotes, amounts of money."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import plain_yaml
from core.languages import translator
from core.offer_signs import SIGNS, OfferSignError, offer_signs, read_signs
from core.offer_text import MONEY, read_offer
from core.offers import check_offer, looks_like_offer
from core.settings import ROOT
from core.tasks.check_offer import verdict

HELD_OUT = ROOT / "tests" / "heldout"
FIRST: dict[str, Any] = plain_yaml.load((HELD_OUT / "offers.yml").read_text("utf-8"))
SECOND: dict[str, Any] = plain_yaml.load((HELD_OUT / "offers_second.yml").read_text("utf-8"))
RISKY = [(entry["sign"], entry["text"]) for entry in (*FIRST["risky"], *SECOND["risky"])]
SOUND = [*(entry["text"] for entry in FIRST["sound"]), *SECOND["sound"]]
SAYS_SAFE = re.compile(r"\b(?:aman|safe|terpercaya|pasti resmi|guaranteed)\b", re.IGNORECASE)


def ids(text: str) -> list[str]:
    return [found.sign.id for found in check_offer(text).signs]


@pytest.mark.parametrize(("sign", "text"), RISKY)
def test_a_risky_offer_has_its_main_sign_named(sign: str, text: str) -> None:
    assert sign in ids(text)


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_offer_has_at_most_one_sign(text: str) -> None:
    assert len(ids(text)) <= 1


@pytest.mark.parametrize("text", [text for _sign, text in RISKY] + SOUND)
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_answer_says_safe_and_every_quote_is_exact(text: str, language: str) -> None:
    check = check_offer(text)
    said = verdict(translator(language), check).text
    for found in (*check.signs, *check.order):
        assert found.quote
        assert found.quote in text
        said = said.replace(f"“{' '.join(found.quote.split())}”", "")
    assert not SAYS_SAFE.search(said)


def test_the_files_are_as_large_as_they_say() -> None:
    assert len(FIRST["risky"]) >= 22
    assert len(FIRST["sound"]) >= 22
    assert {sign for sign, _text in RISKY} <= {sign.id for sign in offer_signs().signs}


@pytest.mark.parametrize(
    "text",
    [
        "Kerja di Jepang tanpa potongan, tanpa uang muka",
        "tidak ada DP, tidak ada jaminan ijazah",
        "bukan visa turis atau ziarah, tapi visa kerja",
        "jangan mau kalau disuruh pakai visa umroh",
        "kami tidak menahan paspor",
        "Waspada tawaran kerja di Kamboja dengan gaji besar",
        "DP tidak dipungut",
        "uang muka tidak ada",
        "umur minimal 18 tahun, pengalaman 2 tahun",
        "G to G, No. 16 tahun 2024",
        "",
        "🙂",
        "[telepon] [nik]",
    ],
)
def test_denials_and_warnings_are_no_signs(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("tidak perlu visa kerja, nanti diurus disana", "wrong_visa"),
        ("tanpa kontrak pun bisa", "no_contract"),
        ("MENYETORKAN 5.000.000 rupiah", "money_up_front"),
        ("byr dp 3jt", "money_up_front"),
        ("pasportnya dititipin ke agen", "documents_held"),
        ("ART ke UAE gaji 1500 dirham", "closed_country"),
        ("Pembantu di Malaysia gaji RM 9.000", "too_much_pay"),
        ("pembantu hongkong gajine 20 yuta\numur 17", "under_age"),
        ("pakai visa\u200b turis", "wrong_visa"),
    ],
)
def test_signs_in_many_hands(text: str, sign: str) -> None:
    assert sign in ids(text)


@pytest.mark.parametrize(
    "text", ["Pembantu di Malaysia gaji RM 1.700", "Insinyur di Malaysia gaji RM 9.000", "gaji RM 9.000"]
)
def test_pay_is_too_much_only_against_a_reference(text: str) -> None:
    assert "too_much_pay" not in ids(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("Rp 2.500.000", 2_500_000, "IDR"),
        ("7,5jt", 7_500_000, "IDR"),
        ("500 rb", 500_000, "IDR"),
        ("NT$29.500", 29_500, "TWD"),
        ("RM1,700", 1_700, "MYR"),
        ("1500 riyal", 1_500, "SAR"),
        ("1.2 juta", 1_200_000, "IDR"),
        ("USD 1,200.50", 1_200.5, "USD"),
    ],
)
def test_amounts_are_read(text: str, amount: float, currency: str) -> None:
    [token] = read_offer(text, offer_signs().lexicon).tokens
    assert (token.word, token.amount, token.currency) == (MONEY, amount, currency)


def test_numbers_without_a_unit_are_no_amounts() -> None:
    assert [t.word for t in read_offer("12 3.4", offer_signs().lexicon).tokens] == ["12", "3.4"]


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_and_quoted_exactly(text: str) -> None:
    check = check_offer(text)
    assert all(found.quote in text for found in (*check.signs, *check.order))


def test_a_very_long_text_is_read_in_time() -> None:
    assert "money_up_front" in ids("bayar DP 5 juta " * 3_000)
    assert ids("tidak ada " * 5_000) == []


def test_what_looks_like_an_offer() -> None:
    assert looks_like_offer("Dibutuhkan ART ke Dubai, gaji 1.500 dirham, berangkat pakai visa turis dulu")
    assert not looks_like_offer("apakah visa turis boleh dipakai untuk kerja di Dubai, gaji 1.500 dirham?")
    assert not looks_like_offer("visa turis")
    assert looks_like_offer("visa turis", forwarded=True)
    assert not looks_like_offer("besok arisan ya bu", forwarded=True)


def test_every_sign_has_a_source_and_reads_plainly() -> None:
    for sign in offer_signs().signs:
        assert sign.source.title, sign.id
        assert sign.source.publisher, sign.id
        assert sign.source.url.startswith("http"), sign.id
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", sign.source.date), sign.id
        assert len(sign.explanation) < 330, sign.id


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- id: debt", "- id: wrong_visa", "stands twice"),
        ("{visitor} visa", "{nobody} visa", "no set is called nobody"),
        ("scam: [KH,", "scam: [ZZ,", "not in content/countries.yml"),
        ("reader: pay", "unknown: pay", "either patterns or a reader"),
        ("\nnegators:", "\nnobody:", "negators"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SIGNS.read_text("utf-8")
    assert old in text
    (tmp_path / "signs.yml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(OfferSignError, match=said):
        read_signs(tmp_path / "signs.yml")


@pytest.mark.parametrize(
    ("text", "sign", "quote"),
    [
        ("kebun sawit Malaysia, tidak perlu visa", "irregular_route", "tidak perlu visa"),
        ("KTP dan KK asli wajib diserahkan ke kantor", "documents_held", "KK asli wajib diserahkan"),
        ("pelaut, tidak perlu buku pelaut", "no_test", "tidak perlu buku pelaut"),
    ],
)
def test_what_a_second_look_found(text: str, sign: str, quote: str) -> None:
    assert (sign, quote) in [(found.sign.id, found.quote) for found in check_offer(text).signs]


@pytest.mark.parametrize("text", ["admin toko gaji RM1.700", "tidak memakai visa turis"])
def test_a_job_s_name_and_a_denied_thing_are_no_sign(text: str) -> None:
    assert ids(text) == []
