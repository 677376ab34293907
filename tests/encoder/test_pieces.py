"""Cutting a text into pieces: known cuts, the likeliest way, and characters that nobody knows."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder.pieces import Pieces
from encoder.weights import Vocabulary, Weights, weights_file


def vocabulary(**scores: float) -> Vocabulary:
    """Numbers 0 to 3 mean no text; a space is written `_`, "ﬁ" is read as "fi"."""
    known = {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0, **scores}
    texts = [
        piece.replace("_", "\u2581").encode() if i > 3 else piece.encode() for i, piece in enumerate(known)
    ]
    return Vocabulary(
        text=memoryview(b"".join(texts)),
        starts=np.cumsum([0, *map(len, texts)]).astype(np.uint32),
        scores=np.array(list(known.values()), np.float32),
        begin=0,
        padding=1,
        end=2,
        unknown=3,
        replacements={0xFB01: "fi"},
    )


def cut(text: str, **scores: float) -> list[str]:
    names = ["<s>", "<pad>", "</s>", "?", *scores]
    return [names[number] for number in Pieces(vocabulary(**scores)).cut(text)]


def test_the_likeliest_way_is_taken() -> None:
    pieces = {"_": -3.0, "a": -3.0, "b": -3.0, "_ab": -5.0, "ab": -4.0, "_abc": -20.0, "c": -2.0}
    assert cut("ab", **pieces) == ["_ab"]
    assert cut("abc", **pieces) == ["_ab", "c"]
    assert cut("ab  ab", **pieces) == ["_ab", "_ab"]
    assert cut("", **pieces) == ["_"]


def test_an_unknown_character_is_a_piece_of_its_own() -> None:
    assert cut("a!\u0416a", _a=-1.0, a=-1.0) == ["_a", "?", "?", "a"]


def test_characters_are_replaced_and_special_names_are_plain_text() -> None:
    assert cut("ﬁ", **{"_": -1.0, "f": -1.0, "i": -1.0}) == ["_", "f", "i"]
    assert "<s>" not in cut("<s>", **{"_": -1.0, "s": -1.0})


@pytest.fixture(scope="module")
def real() -> tuple[Pieces, list[str]]:
    known = Weights(weights_file()).vocabulary
    starts = known.starts.tolist()
    text = bytes(known.text)
    return Pieces(known), [text[a:b].decode() for a, b in itertools.pairwise(starts)]


def test_real_pieces_of_the_real_vocabulary(real: tuple[Pieces, list[str]]) -> None:
    pieces, names = real
    assert [names[n] for n in pieces.cut("query: kerja di luar negeri")] == [
        "\u2581que",
        "ry",
        ":",
        "\u2581kerja",
        "\u2581di",
        "\u2581luar",
        "\u2581negeri",
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_pieces_put_together_are_the_text(real: tuple[Pieces, list[str]], text: str) -> None:
    """But for replaced characters, spaces and what is unknown."""
    pieces, names = real
    found = pieces.cut(text)
    assert found
    if text.isascii() and text.isalnum():
        assert "".join(names[n] for n in found) == f"\u2581{text}"
