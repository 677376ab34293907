"""Languages: the list, translation with its fall-back, dates and numbers, detection, extraction."""

import io
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from core.babel_extract import extract_yaml
from core.languages import LANGUAGES, SOURCE, LanguageError, detect, mark, read_languages, translator

ROOT = Path(__file__).parents[2]


def test_the_four_languages_with_indonesian_as_source() -> None:
    assert list(LANGUAGES) == ["id", "jv", "su", "en"]
    assert SOURCE == "id"
    assert all(language.name and language.words for language in LANGUAGES.values())


def test_a_word_in_two_lists_is_refused(tmp_path: Path) -> None:
    entry = "- {{code: {0}, name: X, locales: [{0}], words: ini itu}}\n"
    (tmp_path / "l.yml").write_text("languages:\n" + entry.format("id") + entry.format("en"))
    with pytest.raises(LanguageError, match="stands in id and en"):
        read_languages(tmp_path / "l.yml")


def test_a_missing_locale_falls_back_as_the_data_says(tmp_path: Path) -> None:
    (tmp_path / "l.yml").write_text("languages:\n- {code: zz, name: X, locales: [zz, id], words: a}\n")
    assert read_languages(tmp_path / "l.yml")["zz"].locale == "id"
    (tmp_path / "l.yml").write_text("languages:\n- {code: zz, name: X, locales: [zz], words: a}\n")
    with pytest.raises(LanguageError, match="zz"):
        read_languages(tmp_path / "l.yml")


def test_translation_plural_and_context(tmp_path: Path) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("Ya", "Yes")
    catalogue.add(("%d hari", "%d hari"), ("%d day", "%d days"))
    catalogue.add("Buka", "Open", context="menu")
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "desmi.mo").open("wb") as file:
        write_mo(file, catalogue)
    en = translator("en", tmp_path)
    assert en.gettext("Ya") == "Yes"
    assert en.ngettext("%d hari", "%d hari", 2) == "%d days"
    assert en.pgettext("menu", "Buka") == "Open"
    assert en.has("Ya")
    assert not en.has("Tidak")
    assert en.gettext("") == ""


@pytest.mark.parametrize("lang", ["id", "jv", "su", "en", "xx", ""])
def test_without_a_catalogue_the_source_is_spoken(lang: str, tmp_path: Path) -> None:
    spoken = translator(lang, tmp_path)
    assert spoken.gettext("Halo") == "Halo"
    assert spoken.pgettext("menu", "Halo") == "Halo"


def test_a_broken_catalogue_does_not_break_the_reply(tmp_path: Path) -> None:
    folder = tmp_path / "su" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "desmi.mo").write_bytes(b"broken")
    assert translator("su", tmp_path).gettext("Halo") == "Halo"


def test_dates_and_numbers() -> None:
    day = date(2025, 4, 10)
    assert translator("id").date(day) == "10 April 2025"
    assert translator("en").date(day) == "April 10, 2025"
    assert translator("id").date(date(2027, 8, 1), "MMMM y") == "Agustus 2027"
    assert translator("jv").date(day)
    assert translator("su").date(day)
    assert translator("id").number(1234567) == "1.234.567"
    assert translator("en").number(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("mau kerja ke taiwan syaratnya apa aja ya", "id"),
        ("biaya medikal brp kak", "id"),
        ("saya ditipu calo", "id"),
        ("paspor", "id"),
        ("", "id"),
        ("👍 123", "id"),
        ("gmn caranya ngurus paspor bro", "id"),
        ("kulo badhe nyambut damel dhateng hongkong syarate nopo mawon", "jv"),
        ("piye carane gawe paspor yen ktp ku ilang", "jv"),
        ("arep neng taiwan biayane pira to mas", "jv"),
        ("bojoku ora iso ditelpon wis rong sasi", "jv"),
        ("wis ora kuat urip", "jv"),
        ("kepriwe carane daftar nang korea lik", "jv"),
        ("abdi hoyong digawe ka arab kumaha carana", "su"),
        ("sabaraha biaya medikal teh", "su"),
        ("pamajikan abdi tos dua taun teu aya wartos", "su"),
        ("kumaha upami paspor ditahan ku majikan", "su"),
        ("how do I apply for a passport", "en"),
        ("my boss has my passport", "en"),
        ("is it free?", "en"),
    ],
)
def test_detect(text: str, lang: str) -> None:
    assert detect(text) == lang


@given(st.text())
def test_detect_takes_any_text(text: str) -> None:
    assert detect(text) in LANGUAGES


def test_a_mark_changes_nothing() -> None:
    assert mark("Halo") == "Halo"


def test_texts_of_data_files_are_extracted() -> None:
    data = b"cards:\n  a:\n    texts:\n      first: Halo\n      list: [Satu, Dua]\n    other: Tidak\n"
    assert [(m[0], m[2]) for m in extract_yaml(io.BytesIO(data), (), (), {"keys": "texts"})] == [
        (4, "Halo"),
        (5, "Satu"),
        (5, "Dua"),
    ]
    assert list(extract_yaml(io.BytesIO(b""), (), (), {})) == []


def test_babel_finds_marked_texts(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text('from core.languages import mark as _\nA = _("Halo")\n')
    assert [m[1] for m in extract_from_file("python", tmp_path / "m.py")] == ["Halo"]
