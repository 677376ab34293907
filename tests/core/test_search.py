"""Search: words are compared in one form, and their hashes tell nothing."""

from hypothesis import given
from hypothesis import strategies as st

from core.keys import Keys
from core.search import MOST_WORDS, hashes, words

KEYS = Keys.from_secret("kunci rahasia hanya untuk uji")


def test_words_are_compared_without_case_accents_and_small_endings() -> None:
    assert words("Paspornya HILANG, gimana?? paspor") == ["paspor", "hilang", "gimana"]
    assert words("Jémbér a 5 juta") == ["jember", "juta"]
    assert words("𝐏𝐀𝐒𝐏𝐎𝐑 𝑯𝒊𝒍𝒂𝒏𝒈 0𝝖") == ["paspor", "hilang", "0α"]
    assert words("tanya lah") == ["tanya", "lah"]


def test_hashes_are_equal_for_equal_words_and_other_with_another_key() -> None:
    assert hashes(KEYS, "paspornya") == hashes(KEYS, "PASPOR")
    assert hashes(KEYS, "paspor") != hashes(Keys.from_secret("x" * 20), "paspor")
    assert 0 <= hashes(KEYS, "paspor")[0] < 2**63


@given(st.text())
def test_any_text_can_be_indexed(text: str) -> None:
    found = words(text)
    assert len(found) == len(set(found)) <= MOST_WORDS
    assert len(hashes(KEYS, text)) == len(found)
    assert words(" ".join(found)) == found or any(
        "pun" in w or "nya" in w or "lah" in w or "kah" in w for w in found
    )
