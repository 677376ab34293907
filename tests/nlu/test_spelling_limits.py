"""The speller: what is left alone, and that no text breaks it."""

import csv
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.components.lexicon import Lexicon
from nlu.components.spelling import Speller, Vocabulary
from tests.nlu.corpus import ROOT, answers, sentences

LEFT_WORDS = """balik lagi kayak kaya pt p3mi bp2mi kp2mi skck wafid fomema tki tkw pmi kur opp ltsa h1b 3171234567890001
indramayu cirebon blitar kediri sampang malang tuban garut pati demak sambas belu bantul
kulo dereng pripun kumaha naon kulawarga mboten saged badhe sampun nyuwun gadhah abdi hoyong teu acan leutik sanggup
dipukul ditampar digampar dicambuk disekap diperkosa diraba dibakar dirantai dikurung
works months rights checks passport employer salary beaten locked agency debt
tadi satu batu bantu buku baku tua dua padi pagi mula mulai merek mereka kalian keras kerasa mabuk masuk
tendang tentang perangkap perangkat mantan mantap kecemasan kecamatan kebaikan terendam menyusui hubungan
tunangan tunjangan kemahiran kelahiran pengajuan pengaduan kutipan rayap qwzzk"""


@pytest.mark.parametrize("word", LEFT_WORDS.split())
def test_word_is_left_alone(speller: Speller, word: str) -> None:
    assert speller.normalise(word) == word


@pytest.mark.parametrize(
    "text",
    [
        "[NIK]",
        "cek https://siskop2mi.bp2mi.go.id/brp?gk=1 ya",
        "sy_gk@contoh.id",
        "Rp 15.000.000",
        "",
        "   ",
        "?!...",
        "👍🏽",
        "我要回家",
    ],
)
def test_what_is_no_word_stays(speller: Speller, text: str) -> None:
    assert speller.normalise(text) == text.lower()


def test_placeholder_keeps_its_neighbours(speller: Speller) -> None:
    assert speller.normalise("nik sy [NIK] bnr gk") == "nik saya [nik] benar tidak"


def test_written_answers_hardly_change(speller: Speller) -> None:
    words = [word for text in answers() for word in re.findall(r"[^\W_]+", text.lower())]
    changed = [word for word in words if speller.word(word) != word]
    assert len(changed) <= 0.005 * len(words), sorted(set(changed))


def test_mending_twice_changes_nothing_more(speller: Speller) -> None:
    with (ROOT / "tests/nlu/typos_dev.csv").open(encoding="utf-8", newline="") as lines:
        typed = [row["text"] for row in csv.DictReader(lines)]
    for text in [*typed, *sentences(), *answers()]:
        once = speller.normalise(text)
        assert speller.normalise(once) == once


def test_two_spellers_agree(speller: Speller) -> None:
    vocabulary = Vocabulary.learn(reversed(sentences()), answers())
    other = Speller(Lexicon.read(), vocabulary)
    for text in ("mdkl hrs byr brp", "pengdauan tki", "syarat2nya ap aj"):
        assert other.normalise(text) == speller.normalise(text)


@settings(max_examples=300)
@given(text=st.text(max_size=200) | st.text(alphabet="abdegiknrtuxy2340 -'.", max_size=80))
def test_no_text_breaks_it(speller: Speller, text: str) -> None:
    mended = speller.normalise(text)
    assert isinstance(mended, str)
    assert speller.normalise(text) == mended


def test_long_words_and_texts_are_bounded(speller: Speller) -> None:
    assert speller.normalise("a" * 5000) == "a" * 5000
    assert speller.normalise("mdkl " * 3000) == "medikal " * 3000
