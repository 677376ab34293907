"""The speller: what is mended, what is left alone, and that no text breaks it."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plain_yaml
from nlu.components.lexicon import Lexicon
from nlu.components.nearness import NearWords, distance, skeleton
from nlu.components.spelling import Speller, Vocabulary

ROOT = Path(__file__).resolve().parents[2]


def _load(path: Path) -> dict:
    return plain_yaml.load(path.read_text("utf-8"))


def _answers() -> list[str]:
    return [
        variation["text"]
        for path in sorted((ROOT / "domain/answers").glob("*.yml"))
        for variations in _load(path)["responses"].values()
        for variation in variations
        if variation.get("text")
    ]


def _sentences() -> list[str]:
    return [
        line[2:].strip()
        for path in sorted((ROOT / "nlu").glob("*.yml"))
        for entry in _load(path).get("nlu", [])
        if "examples" in entry
        for line in entry["examples"].splitlines()
        if line.startswith("- ")
    ]


@pytest.fixture(scope="session")
def speller() -> Speller:
    names = [
        row["name"]
        for file in ("regencies", "provinces")
        for row in csv.DictReader((ROOT / f"content/geography/{file}.csv").read_text("utf-8").splitlines())
    ]
    return Speller(Lexicon.read(), Vocabulary.learn(_sentences(), _answers()), names)


WORDS = """
mdkl medikal
mdkal medikal
pspor paspor
pasport paspor
brgkt berangkat
brangkat berangkat
brngkt berangkat
mjikan majikan
mjkn majikan
kluarga keluarga
klrga keluarga
kntor kantor
dkumen dokumen
dokumn dokumen
prjanjian perjanjian
perjnjian perjanjian
pnempatan penempatan
penmpatan penempatan
sertfikat sertifikat
srtifikat sertifikat
prlu perlu
pnjaman pinjaman
pngaduan pengaduan
pengdauan pengaduan
pengadan pengaduan
plthan pelatihan
trdaftar terdaftar
trdekat terdekat
krja kerja
kerj kerja
bekrja bekerja
skrg sekarang
skrang sekarang
sblm sebelum
stlh setelah
dgn dengan
yg yang
utk untuk
gmn bagaimana
dmn di mana
kmn ke mana
brp berapa
knp kenapa
tdk tidak
gak tidak
ga tidak
nggak tidak
udh sudah
blm belum
bs bisa
hrs harus
byr bayar
dbyr dibayar
dbyrin dibayarin
dtahan ditahan
dpukulin dipukuli
dkunci dikunci
dsuruh disuruh
dprkosa diperkosa
dplangkan dipulangkan
caranx caranya
crax caranya
syratx syaratnya
sratx syaratnya
biayax biayanya
hargax harganya
artinx artinya
kondisix kondisinya
alamtx alamatnya
syaratnya syaratnya
gajinya gajinya
syarat2 syarat-syarat
sarat2 syarat-syarat
hak2 hak-hak
hak2x hak-haknya
ciri2 ciri-ciri
dokumen2nya dokumen-dokumennya
mlm2 malam-malam
kmn2 ke mana-mana
undng2 undang-undang
m3dikal medikal
p4spor paspor
k3rja kerja
b1aya biaya
sy4r4tnya syaratnya
gajiiiii gaji
tolooong tolong
hongkoooong hong kong
apaaaa apa
makasiiih terima kasih
15jt 15 juta
3bln 3 bulan
2th 2 tahun
24jm 24 jam
10hr 10 hari
500rb 500 ribu
ditaiwan di taiwan
dihk di hong kong
dsaudi di saudi
kmalaysia ke malaysia
ddesa di desa
djepang di jepang
dirumah di rumah
drumah di rumah
kemana ke mana
hk hong kong
sg singapura
hongkong hong kong
taiwn taiwan
malysia malaysia
ijasah ijazah
ijzah ijazah
aktip aktif
asrnsi asuransi
hepatits hepatitis
meningtis meningitis
moratrium moratorium
dideprtasi dideportasi
overstay overstay
ovrstay overstay
desmigrtif desmigratif
desmigratip desmigratif
gtau tidak tahu
gabisa tidak bisa
gaboleh tidak boleh
ktipu tertipu
layann layanan
lowngan lowongan
tulung tolong
trmksh terima kasih
"""

CASES = [tuple(line.split(" ", 1)) for line in WORDS.strip().splitlines() if not line.startswith("trmksh")]


@pytest.mark.parametrize(("typed", "meant"), CASES)
def test_word_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.normalise(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mo tny bro, mdkl tu kudu byr sndr apa PT", "mau tanya bro, medikal itu kudu bayar sendiri apa pt"),
        ("Brp gji d tw?", "berapa gaji di taiwan?"),
        ("sy gak tw apa2", "saya tidak tahu apa-apa"),
        ("ktp sm kk ilang", "ktp sama kartu keluarga hilang"),
        ("mksh kk", "terima kasih kakak"),
        ("no tlp kbri kl", "nomor telepon kbri kuala lumpur"),
        ("kl unfit gmn", "kalau unfit bagaimana"),
        ("i have no money", "i have no money"),
        ("g to g korea kpn", "g to g korea kapan"),
        ("biaya g boleh dipotong", "biaya tidak boleh dipotong"),
        ("bkn paspor dmn", "bikin paspor di mana"),
        ("tipu2 bkn", "tipu-tipu bukan"),
        ("kluar ngri", "ke luar negeri"),
        ("km ni siapa", "kamu ini siapa"),
        ("jarak 5 km", "jarak 5 km"),
        ("jga lansia", "jaga lansia"),
        ("sy jga mau", "saya juga mau"),
        ("krja pke visa turis bs gk", "kerja pakai visa turis bisa tidak"),
        ("pspor sy ditahn mjikan gmn", "paspor saya ditahan majikan bagaimana"),
        ("met pagi", "selamat pagi"),
        ("i met him", "i met him"),
    ],
)
def test_sentence_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.normalise(typed) == meant


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
    words = [word for text in _answers() for word in re.findall(r"[^\W_]+", text.lower())]
    changed = [word for word in words if speller.word(word) != word]
    assert len(changed) <= 0.005 * len(words), sorted(set(changed))


def test_mending_twice_changes_nothing_more(speller: Speller) -> None:
    with (ROOT / "tests/nlu/typos_dev.csv").open(encoding="utf-8", newline="") as lines:
        typed = [row["text"] for row in csv.DictReader(lines)]
    for text in [*typed, *_sentences(), *_answers()]:
        once = speller.normalise(text)
        assert speller.normalise(once) == once


@pytest.mark.parametrize("name", ["typos_dev", "typos_check"])
def test_measured_sentences_are_not_trained_on(name: str) -> None:
    trained = {" ".join(re.findall(r"\w+", sentence.lower())) for sentence in _sentences()}
    topics = {
        f"{theme}/{topic}" for theme, names in _load(ROOT / "content/topics.yml").items() for topic in names
    }
    with (ROOT / f"tests/nlu/{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["topic"] for row in rows} <= topics
    assert not [row["text"] for row in rows if " ".join(re.findall(r"\w+", row["text"].lower())) in trained]


def test_two_spellers_agree(speller: Speller) -> None:
    vocabulary = Vocabulary.learn(reversed(_sentences()), _answers())
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


def test_lexicon_refuses_a_spelling_twice(tmp_path: Path) -> None:
    for path in (ROOT / "nlu/lexicon").glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    slang = tmp_path / "slang.yml"
    slang.write_text(slang.read_text("utf-8") + "  lain: [sy]\n", "utf-8")
    with pytest.raises(ValueError, match="sy"):
        Lexicon.read(tmp_path)


def test_lexicon_refuses_what_yaml_does_not_read_as_text(tmp_path: Path) -> None:
    for path in (ROOT / "nlu/lexicon").glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    slang = tmp_path / "slang.yml"
    slang.write_text(slang.read_text("utf-8") + "  lain: [no]\n", "utf-8")
    with pytest.raises(ValueError, match="Quote"):
        Lexicon.read(tmp_path)


def test_distance_counts_swapped_neighbours_once() -> None:
    assert distance("pengdauan", "pengaduan", 2) == 1
    assert distance("abc", "abcd", 2) == 1
    assert distance("abc", "axc", 2) == 1
    assert distance("abcdef", "uvwxyz", 2) == 3
    assert distance("", "abc", 2) == 3


def test_skeleton() -> None:
    assert skeleton("paspor") == "pspr"
    assert skeleton("ijazah") == "ijzh"
    assert NearWords({"berangkat": 5}).by_consonants("brgkt", 6) == "berangkat"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "mo tny bro, mdkl tu kudu byr sndr apa PT",
            "mau tanya bro, medikal itu kudu bayar sendiri apa pt",
        ),
        ("kertu kulawarga dereng wonten, kados pundi", "kertu kulawarga dereng wonten, kados pundi"),
        ("klo yg sawit?", "kalau yang sawit?"),
        ("mcu d bndng dmn y kk", "medikal di bandung di mana ya kakak"),
    ],
)
def test_chat_spelling_is_mended_and_other_languages_stay(speller: Speller, written: str, meant: str) -> None:
    assert speller.normalise(written) == meant
