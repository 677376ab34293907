"""Checks of an answer that an editor writes: what forbids it, and hints to make it plainer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core import plain_yaml
from core.answers import MAX_CHARS, Answer
from core.hotlines import hotlines
from core.languages import Translator
from core.languages import mark as _
from core.settings import ROOT
from core.topics import topics

LONG_SENTENCE = 20
"""Words of a sentence from which on it is hard to read on a small screen."""
NEXT_STEP = "Langkah berikutnya:"

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
# a range of years is none
_PHONE = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d ?- ?(?:19|20)\d\d\b)\+?\d[\d -]{6,}\d(?!\d)")
_MARKUP = re.compile(r"[{}<>]|\*\*|__|`")
_CONTROL = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u2030-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLACEHOLDER = re.compile(r"\[\[[^\]]*\]\]")
_SENTENCE = re.compile(r"[^.!?\n]+")
_NO_SOURCES = "bot"  # about Desmi itself: there is nothing to cite


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said of an answer: a text to translate and the values in it."""

    text: str
    values: tuple[tuple[str, object], ...] = ()

    def say(self, t: Translator) -> str:
        """In the editor's language."""
        return t.gettext(self.text).format(**dict(self.values))


def _finding(text: str, **values: object) -> Finding:
    return Finding(text, tuple(values.items()))


@lru_cache(maxsize=1)
def plain_words() -> dict[str, str]:
    """Words of offices and their plain counterparts."""
    raw: dict[str, str] = plain_yaml.load((ROOT / "content" / "plain_words.yml").read_text("utf-8"))
    return raw


def faults(answer: Answer, today: date) -> list[Finding]:
    """What must be mended before the answer may be saved."""
    return [*_text_faults(answer, today), *faults_of_dates(answer, today), *_source_faults(answer)]


def _text_faults(answer: Answer, today: date) -> Iterator[Finding]:
    text = answer.text
    if not text.strip():
        yield _finding(_("Teks jawaban kosong."))
    if len(text) > MAX_CHARS:
        yield _finding(
            _("Teks terlalu panjang: {n} huruf, paling banyak {most}."), n=len(text), most=MAX_CHARS
        )
    if found := _MARKUP.search(text):
        yield _finding(_("Tanda {sign} tidak boleh dipakai: teks harus polos."), sign=found[0])
    if any(_CONTROL.search(part) for part in (text, *_source_texts(answer))):
        yield _finding(_("Ada tanda yang tidak terlihat di dalam teks atau sumber. Ketik ulang bagian itu."))
    if found := _PHONE.search(_PLACEHOLDER.sub("", text)):
        yield _finding(
            _("{number} tampak seperti nomor telepon. Pakai [[hotline:...]] dengan nama dari daftar nomor."),
            number=found[0],
        )
    for problem in hotlines().problems(text, today):
        yield _finding(_("Nomor telepon: {problem}"), problem=problem)
    unknown = [name for name in answer.related if name not in topics() or name == answer.topic]
    if unknown:
        yield _finding(_("Topik terkait tidak ada: {names}"), names=", ".join(unknown))


def _source_texts(answer: Answer) -> Iterator[str]:
    for source in answer.sources:
        yield from (source.title, source.publisher, source.url, source.date)


def faults_of_dates(answer: Answer, today: date) -> Iterator[Finding]:
    """What is wrong with the days on which it was checked and is to be looked at again."""
    try:
        checked, review = date.fromisoformat(answer.checked), date.fromisoformat(answer.review_by)
    except ValueError:
        yield _finding(_("Isi tanggal diperiksa dan tanggal tinjau ulang."))
        return
    if checked > today:
        yield _finding(_("Tanggal diperiksa ada di masa depan."))
    if review <= checked:
        yield _finding(_("Tanggal tinjau ulang harus sesudah tanggal diperiksa."))


def _source_faults(answer: Answer) -> Iterator[Finding]:
    if not answer.sources and answer.topic.partition("/")[0] != _NO_SOURCES:
        yield _finding(_("Jawaban ini belum punya sumber. Isi paling sedikit satu, dengan tanggalnya."))
    for number, source in enumerate(answer.sources, 1):
        if not source.title or not source.publisher:
            yield _finding(_("Sumber {n}: isi judul dan penerbit."), n=number)
        if source.url and not source.url.startswith(("https://", "http://")):
            yield _finding(_("Sumber {n}: alamat harus mulai dengan https://"), n=number)
        if source.date and not _DATE.fullmatch(source.date):
            yield _finding(_("Sumber {n}: tanggal harus seperti 2026, 2026-11, atau 2026-11-23."), n=number)
    if answer.sources and not any(source.date for source in answer.sources):
        yield _finding(_("Paling sedikit satu sumber harus bertanggal."))


def hints(answer: Answer) -> list[Finding]:
    """What would make the answer easier to read; it may be saved all the same."""
    found: list[Finding] = []
    text = answer.text
    for sentence in _SENTENCE.findall(_PLACEHOLDER.sub("", text)):
        words = sentence.split()
        if len(words) > LONG_SENTENCE:
            start = " ".join(words[:5])
            found.append(_finding(_("Kalimat panjang ({n} kata): {start} ..."), n=len(words), start=start))
    for word, plain in plain_words().items():
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            found.append(_finding(_("Kata kantor “{word}”. Lebih mudah: {plain}."), word=word, plain=plain))
    if text.count(NEXT_STEP) != 1 and answer.topic.partition("/")[0] != _NO_SOURCES:
        found.append(_finding(_("Akhiri dengan satu tindakan: “Langkah berikutnya: ...”")))
    if re.search(r"\baman\b", text, re.IGNORECASE):
        found.append(_finding(_("Kata “aman”: jangan pernah menyebut perusahaan atau lowongan aman.")))
    if len(text) > MAX_CHARS * 0.9:
        found.append(
            _finding(_("Hampir terlalu panjang: {n} dari {most} huruf."), n=len(text), most=MAX_CHARS)
        )
    return found
