"""Checks of a hotline that an editor writes: by field what forbids it, and hints."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from core.answer_checks import Finding
from core.answers import AnswerError
from core.countries import countries
from core.help_cards import HelpCardError
from core.hotline_files import Changes, changed
from core.hotlines import ANYWHERE, CHANNELS, HOME, HOTLINES, Hotline, HotlineError, Hotlines, parse_hotlines
from core.languages import mark as _
from core.lists import complete
from core.report_doors import DoorError
from core.topics import topics

WHOLE = ""
"""The field of a fault that is the whole entry's."""

_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_NUMBER = re.compile(r"[0-9+(][0-9 ()./+-]*")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MARKUP = re.compile(r"[\[\]{}<>]|[^\x20-\x7e\xa0-\u2027\u2030-\ud7ff\ue000-\ufffd]")
_MOST = 6  # numbers of one line


def faults(line: Hotline, known: Hotlines, today: date, *, new: bool) -> dict[str, Finding]:
    """What must be mended before the line may be saved, by field; `known` are the lines of the file."""
    found: dict[str, Finding] = {}
    for field, text in _faults(line, known, today, new):
        found.setdefault(field, Finding(text))
    return found


def _faults(line: Hotline, known: Hotlines, today: date, new: bool) -> Iterator[tuple[str, str]]:
    if new and not _ID.fullmatch(line.id):
        yield "id", _("Isi nama pendek: huruf kecil, angka, dan garis bawah, mulai dengan huruf.")
    if new and line.id in known:
        yield "id", _("Nama pendek ini sudah dipakai.")
    if not line.name:
        yield "name", _("Isi nama.")
    if line.country not in (ANYWHERE, HOME) and line.country not in countries():
        yield "country", _("Pilih negara dari daftar.")
    if line.kind not in {other.kind for other in known}:
        yield "kind", _("Pilih jenis dari daftar.")
    if line.channel not in CHANNELS:
        yield "channel", _("Pilih saluran dari daftar.")
    if not line.numbers:
        yield "numbers", _("Isi paling sedikit satu nomor.")
    if len(line.numbers) > _MOST:
        yield "numbers", _("Terlalu banyak nomor. Buat nomor telepon baru untuk sisanya.")
    for number in line.numbers:
        if not _NUMBER.fullmatch(number) or sum(map(str.isdigit, number)) < 3:
            yield "numbers", _("Satu nomor di tiap baris, paling sedikit tiga angka, tanpa huruf.")
    if not all(map(_LANGUAGE.fullmatch, line.languages)):
        yield "languages", _("Pakai kode bahasa, dipisah koma: id, en.")
    if not set(line.topics) <= set(topics()):
        yield "topics", _("Pilih topik dari daftar.")
    yield from _date_faults("seen", line.seen, today)
    yield from _source_faults(line, today)
    for field in ("name", "hours", "note"):
        if _MARKUP.search(getattr(line, field)):
            yield field, _("Ada tanda yang tidak boleh dipakai. Ketik ulang sebagai teks biasa.")


def _date_faults(field: str, text: str, today: date) -> Iterator[tuple[str, str]]:
    if not _DATE.fullmatch(text):
        yield field, _("Isi tanggal seperti 2026, 2026-11, atau 2026-11-23.")
        return
    try:
        first = date(*map(int, (text + "-01-01").split("-")[:3]))
    except ValueError:
        yield field, _("Tanggal ini tidak ada di kalender.")
        return
    if first > today:
        yield field, _("Tanggal ini ada di masa depan.")


def _source_faults(line: Hotline, today: date) -> Iterator[tuple[str, str]]:
    source = line.source
    for field in ("title", "publisher"):
        text = getattr(source, field)
        if not text:
            yield field, _("Setiap nomor perlu sumber. Isi judul dan penerbitnya.")
        elif _MARKUP.search(text):
            yield field, _("Ada tanda yang tidak boleh dipakai. Ketik ulang sebagai teks biasa.")
    if not re.fullmatch(r"https?://[^\s<>\"]+", source.url):
        yield "url", _("Isi alamat sumber, mulai dengan https://")
    yield from _date_faults("date", source.date, today)


def hints(line: Hotline, known: Hotlines, today: date) -> list[Finding]:
    """What an editor should look at again; the line may be saved all the same."""
    found: list[Finding] = []
    if not line.is_fresh(today):
        found.append(
            Finding(_("Nomor ini terakhir terlihat lebih dari tiga tahun lalu. Orang akan diberi tahu."))
        )
    if line.seen > line.source.date:
        found.append(Finding(_("Tanggal terlihat lebih baru daripada sumbernya. Cocokkan lagi.")))
    for other in known:
        if other.id != line.id and set(map(_digits, other.numbers)) & set(map(_digits, line.numbers)):
            found.append(Finding(_("Nomor yang sama ada di “{name}”."), (("name", other.name),)))
    return found


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def whole_faults(changes: Changes) -> Mapping[str, Finding]:
    """What is wrong with the file as these changes would make it, such as a line gone that a text names."""
    try:
        text = changed(HOTLINES.read_text("utf-8"), changes)
        complete(parse_hotlines(text, HOTLINES.name), HOTLINES.name)
    except (HotlineError, HelpCardError, DoorError, AnswerError) as error:
        return {WHOLE: Finding(_("Daftar nomor tidak akan utuh lagi: {problem}"), (("problem", str(error)),))}
    return {}
