"""The catalogues: the template holds what the sources say, translations are whole and keep every placeholder."""

import re
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot import limits, profile
from core import plain_yaml
from core.languages import DOMAIN, LANGUAGES, LOCALES, SOURCE
from core.settings import ROOT
from core.topics import THEME_TITLES, topics

KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
"""As in the command of docs/editors.md; gettext itself is left out, as it is called with variables."""

TRANSLATED = [code for code in LANGUAGES if code != SOURCE]

_PLACEHOLDERS = re.compile(
    r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|\[\[hotline:\w+\]\]|(?<!\w)/[a-z]+|\"hapus percakapan\"|'lokasi [^']+'"
)


def catalogue_of(code: str) -> Path:
    return LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache
def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=None if path.suffix == ".pot" else path.parts[-3])


def messages(path: Path) -> Iterator[Message]:
    return (message for message in read(path) if message.id)


@lru_cache
def extracted() -> frozenset[tuple[str | None, str]]:
    """(context, text) of everything in the sources that people can see."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    texts: set[tuple[str | None, str]] = set()
    for _file, _line, text, _comments, context in found:
        texts |= {(context, part) for part in (text if isinstance(text, tuple) else (text,))}
    return frozenset(texts)


def test_the_template_is_up_to_date() -> None:
    held = {
        (message.context, part)
        for message in messages(LOCALES / f"{DOMAIN}.pot")
        for part in (message.id if isinstance(message.id, tuple) else (message.id,))
    }
    assert held == extracted(), "extract again: docs/editors.md#menus-and-messages"


def test_titles_and_help_cards_are_in_the_template() -> None:
    texts = {text for _context, text in extracted()}
    assert set(THEME_TITLES.values()) <= texts
    assert {topic.title for topic in topics().values()} <= texts
    cards = plain_yaml.load((ROOT / "content" / "help_cards.yml").read_text("utf-8"))["cards"]
    assert {entry["texts"]["now"] for entry in cards.values()} <= texts


def test_no_text_is_marked_where_extraction_cannot_see_it() -> None:
    """Inside an f-string, a marked text is found by some versions of Python only."""
    for folder in ("actions", "bot", "cli", "console", "core"):
        for path in (ROOT / folder).rglob("*.py"):
            for token in tokenize.tokenize(BytesIO(path.read_bytes()).readline):
                if token.type == tokenize.STRING and token.string[:1] in "fF":
                    assert not re.search(r"\{[^}]*\b_\(", token.string), f"{path.name}:{token.start[0]}"


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {path.name for path in LOCALES.iterdir() if path.is_dir()} == set(TRANSLATED)
    assert all(catalogue_of(code).is_file() for code in TRANSLATED)


@pytest.mark.parametrize("code", TRANSLATED)
def test_babel_knows_the_locale(code: str) -> None:
    assert Locale.parse(LANGUAGES[code].locale)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_all_texts_compiles_and_says_who_translated_it(code: str) -> None:
    catalogue = read(catalogue_of(code))
    assert {m.id for m in messages(catalogue_of(code))} == {m.id for m in messages(LOCALES / f"{DOMAIN}.pot")}
    assert not catalogue.obsolete
    assert not catalogue.fuzzy
    assert "not reviewed" in catalogue.header_comment
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.tell() > 0


def test_english_is_whole() -> None:
    def whole(message: Message) -> bool:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        return all(said) and not message.fuzzy

    assert [m.id for m in messages(catalogue_of("en")) if not whole(m)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_themes_and_help_cards_are_translated(code: str) -> None:
    known = {m.id for m in messages(catalogue_of(code)) if m.string and not m.fuzzy}
    cards = plain_yaml.load((ROOT / "content" / "help_cards.yml").read_text("utf-8"))
    texts = [
        *cards["common"]["texts"].values(),
        *(entry["texts"]["now"] for entry in cards["cards"].values()),
    ]
    assert set(THEME_TITLES.values()) <= known
    assert set(texts) <= known


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_placeholders_commands_and_outer_space(code: str) -> None:
    for message in messages(catalogue_of(code)):
        if not message.string:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        targets = message.string if isinstance(message.string, tuple) else (message.string,)
        for target in filter(None, targets):
            wanted = sorted(_PLACEHOLDERS.findall(sources[-1]))
            assert sorted(_PLACEHOLDERS.findall(target)) == wanted, message.id
            edges = [
                re.match(r"\s*", text)[0] + re.search(r"\s*\Z", text)[0] for text in (sources[-1], target)
            ]  # type: ignore[index]
            assert edges[0] == edges[1], message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_profile_fits_into_telegram(code: str) -> None:
    said = {m.id: str(m.string or m.id) for m in messages(catalogue_of(code))}
    assert limits.units(said[profile.DESCRIPTION]) <= limits.DESCRIPTION_CHARS
    assert limits.units(said[profile.SHORT_DESCRIPTION]) <= limits.SHORT_DESCRIPTION_CHARS
    for text in profile.COMMANDS.values():
        assert 0 < limits.units(said[text]) <= limits.COMMAND_DESCRIPTION_CHARS


@pytest.mark.parametrize("code", TRANSLATED)
def test_buttons_keep_their_sign(code: str) -> None:
    """A button is known by its picture before it is read."""
    for message in messages(catalogue_of(code)):
        first = str(message.id)[0]
        if message.string and not first.isascii():
            assert str(message.string)[0] == first, message.id
