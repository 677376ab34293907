"""Help cards: every danger, country and language gives a short card with numbers that can be trusted."""

from datetime import date
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core import languages
from core.countries import countries
from core.guard import default_guard, is_quick_exit
from core.help_cards import CARDS, MAX_CHARS, HelpCardError, card, help_cards, read_help_cards
from core.hotlines import hotlines

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
TOPICS = default_guard().topics
COUNTRIES = [None, "ID", *(country.id for country in countries())]


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogues as they stand in the tree, compiled apart from it."""
    for po in (ROOT / "locales").glob("*/LC_MESSAGES/desmi.po"):
        folder = tmp_path / po.relative_to(ROOT / "locales").parent
        folder.mkdir(parents=True)
        with po.open("rb") as source, (folder / "desmi.mo").open("wb") as target:
            write_mo(target, read_po(source))
    real = languages.translator
    monkeypatch.setattr("core.help_cards.translator", lambda lang: real(lang, tmp_path))
    monkeypatch.setattr("core.hotlines.translator", lambda lang: real(lang, tmp_path))


def test_every_danger_has_a_card() -> None:
    assert set(help_cards().cards) == set(TOPICS)


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize("lang", list(languages.LANGUAGES))
@pytest.mark.parametrize("topic", TOPICS)
def test_cards_are_short_and_numbers_fresh(topic: str, lang: str) -> None:
    for country in COUNTRIES:
        shown = card(topic, country, lang, TODAY)
        assert len(shown.text) < MAX_CHARS, (country, len(shown.text))
        assert 2 <= len(shown.lines) <= 4
        assert len(set(shown.lines)) == len(shown.lines)
        assert any(hotlines().get(line).is_fresh(TODAY) for line in shown.lines)
        assert "hapus percakapan" in shown.text
        assert help_cards().cards[topic].now in shown.text
        assert "[[" not in shown.text


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize("lang", ["en", "jv", "su"])
def test_another_language_has_the_indonesian_words_beside_it(lang: str) -> None:
    text = card("help/abuse", "TW", lang, TODAY).text
    first, second = text.split("\n\n")[:2]
    assert second == help_cards().cards["help/abuse"].now
    assert first != second


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize("lang", ["en", "jv", "su"])
def test_every_text_is_translated(lang: str) -> None:
    cards = help_cards()
    with (ROOT / f"locales/{lang}/LC_MESSAGES/desmi.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    assert {cards.call, cards.exit, *(c.now for c in cards.cards.values())} <= known


def test_a_number_that_may_be_dead_never_comes_before_a_fresh_one() -> None:
    # the Saudi numbers were last seen in 2021
    assert card("help/confined", "SA", "id", TODAY).lines[:2] == ("kp2mi_abroad", "kp2mi_whatsapp")


def test_the_country_comes_first() -> None:
    assert card("help/abuse", "HK", "id", TODAY).lines == (
        "hk_999",
        "kjri_hong_kong",
        "kp2mi_abroad",
        "kp2mi_whatsapp",
    )
    assert card("help/trafficked", "KH", "id", TODAY).lines[0] == "kbri_phnom_penh"
    assert card("help/abuse", None, "id", TODAY).lines[:2] == ("kp2mi_abroad", "kp2mi")
    assert card("help/sexual_violence", "ID", "id", TODAY).lines[0] == "sapa129"
    assert card("help/abuse", "FJ", "id", TODAY).lines == card("help/abuse", None, "id", TODAY).lines
    assert "polri110" not in card("help/abuse", "JP", "id", TODAY).lines


def test_the_hint_is_the_quick_exit() -> None:
    assert is_quick_exit("hapus percakapan")
    assert '"hapus percakapan"' in help_cards().exit


def test_without_a_catalogue_the_card_is_indonesian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = languages.translator
    monkeypatch.setattr("core.help_cards.translator", lambda lang: real(lang, tmp_path))
    monkeypatch.setattr("core.hotlines.translator", lambda lang: real(lang, tmp_path))
    assert card("help/abuse", None, "su", TODAY).text.count(help_cards().cards["help/abuse"].now) == 1


def test_today_is_the_default() -> None:
    assert card("help/abuse", None, "id").lines == card("help/abuse", None, "id", TODAY).lines


@pytest.mark.parametrize(("old", "new", "why"), [("polri110", "nobody", "nobody"), ("call:", "cal:", "call")])
def test_a_broken_file_is_refused(old: str, new: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text(CARDS.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(HelpCardError, match=why):
        read_help_cards(tmp_path / "c.yml", hotlines())
