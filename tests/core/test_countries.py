"""Countries: names, slang, cities and slips; other words are left alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.countries import CountryError, countries, find_country, read_countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mau kerja ke taiwan", "TW"),
        ("mau ke TW bro", "TW"),
        ("anak saya di riyadh dipukuli", "SA"),
        ("kerja arab", "SA"),
        ("kerja di uni emirat arab", "AE"),
        ("dubai gajinya brp", "AE"),
        ("hong-kong", "HK"),
        ("hongkonggg", "HK"),
        ("hk", "HK"),
        ("malaysiaa", "MY"),
        ("malyasia", "MY"),
        ("malaysa", "MY"),
        ("ke malasyia", "MY"),
        ("di malasia", "MY"),
        ("singapora", "SG"),
        ("singapuraa", "SG"),
        ("singapra", "SG"),
        ("neng hongkonge piye", "HK"),
        ("arabnya gimana", "SA"),
        ("korea selatan", "KR"),
        ("JEPANG!", "JP"),
        ("kamboja", "KH"),
        ("jerman", "DE"),
        ("kuala lumpur", "MY"),
        ("dari taiwan terus ke jepang", "TW"),
        ("", None),
        ("mau bikin paspor", None),
        ("bahasa inggris", None),
        ("bos cina", None),
        ("mau ke cina", "CN"),
        ("malas kerja", None),
        ("malam malam", None),
        ("saudara saya", None),
        ("koreksi data", None),
        ("bahasa arabica", None),
        ("taiwanese", None),
        ("twitter", None),
        ("omansyah", None),
        ("sgt bagus", None),
    ],
)
def test_find_country(text: str, code: str | None) -> None:
    assert find_country(text) == code


def test_the_list_has_the_common_destinations() -> None:
    known = countries()
    assert all(
        code in known
        for code in [
            "MY",
            "HK",
            "TW",
            "SG",
            "SA",
            "KR",
            "JP",
            "BN",
            "AE",
            "QA",
            "KW",
            "BH",
            "JO",
            "OM",
            "KH",
            "MM",
            "TH",
            "DE",
            "PL",
        ]
    )
    korea = known.get("KR")
    assert korea is not None
    assert korea.name == "Korea Selatan"
    assert known.get("XX") is None
    assert len({country.id for country in known}) >= 19


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    assert find_country(text) is None or find_country(text) in countries()


def test_ten_thousand_characters_complete() -> None:
    assert find_country("a" * 10_000) is None
    assert find_country("kerja " * 1_600 + "oman") == "OM"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("- {id: MY, name: M}", "names"),
        ("- {id: no, name: N, names: [n]}", "no country code"),
        ("- {id: MY, name: M, names: [m]}\n- {id: MY, name: N, names: [n]}", "twice"),
        ("- {id: MY, name: M, names: [m]}\n- {id: SG, name: S, names: [m]}", "stands for MY and SG"),
    ],
)
def test_a_broken_list_is_refused(lines: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text(f"countries:\n{lines}\n")
    with pytest.raises(CountryError, match=why):
        read_countries(tmp_path / "c.yml")
