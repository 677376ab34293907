"""Sentence vectors: those that ship are those that the encoder makes, and odd texts do no harm."""

import logging
import random
from pathlib import Path

import numpy as np
import pytest

from encoder.model import DIM, Encoder
from encoder.text import MAX_CHARS, clean
from encoder.weights import EncoderError
from nlu.components import vectors
from nlu.components.vectors import SHIPPED, Vectors, ship, shipped_vectors
from tests.test_training_data import SENTENCES

READ_BY_GUARD = sorted({clean(text).lower() for listed in SENTENCES.values() for text in listed})


def test_shipped_vectors_cover_the_training_sentences() -> None:
    """`make vectors` after new sentences; a few new ones do no harm, for they are encoded when needed."""
    shipped = shipped_vectors()
    missing = [text for text in READ_BY_GUARD if vectors._key(text) not in shipped]
    assert len(missing) <= 0.1 * len(READ_BY_GUARD)
    assert SHIPPED.stat().st_size < 9_000_000


def test_shipped_vectors_are_the_encoders() -> None:
    shipped, encoder = shipped_vectors(), Vectors()
    known = [text for text in READ_BY_GUARD if vectors._key(text) in shipped]
    sample = random.Random(1).sample(known, 60)
    ready = np.stack([shipped[vectors._key(text)] for text in sample])
    assert (ready * encoder.embed(sample)).sum(1).min() > 0.998


def test_vectors_of_another_encoder_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "vectors.npz"
    ship(["a", "b"], np.eye(2, DIM, dtype=np.float32) / 2, path)
    assert len(shipped_vectors(path)) == 2
    monkeypatch.setattr(vectors, "version", lambda _: "0")
    with caplog.at_level(logging.WARNING):
        assert shipped_vectors(path) == {}
    assert caplog.records
    assert shipped_vectors(tmp_path / "none.npz") == {}


def test_only_texts_that_are_not_shipped_are_encoded(tmp_path: Path) -> None:
    store, encoder = tmp_path / "store.npz", Vectors()
    known = next(text for text in READ_BY_GUARD if vectors._key(text) in shipped_vectors())
    found = encoder.embed_with_store([known, "kata zzqx yang tidak ada"], store)
    assert found.shape == (2, DIM)
    with np.load(store, allow_pickle=False) as file:
        assert file["keys"].tolist() == [vectors._key("kata zzqx yang tidak ada")]


@pytest.mark.parametrize(
    "text", ["", "\x00", "a\x00b", "\ud800", "x" * 10_000, "é " * 3000, "\U0001f600" * 900]
)
def test_odd_texts_are_cleaned_before_the_encoder_sees_them(text: str) -> None:
    seen = clean(text)
    assert len(seen) <= MAX_CHARS
    assert "\x00" not in seen
    seen.encode("utf-8")
    vector = Vectors().embed([seen])
    assert np.isfinite(vector).all()


def test_without_the_encoder_there_is_a_warning_and_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise EncoderError("no native library")

    monkeypatch.setattr(vectors, "_vectors", None)
    monkeypatch.setattr(Encoder, "load", fail)
    with caplog.at_level(logging.WARNING):
        assert vectors.shared_vectors() is None
    assert "no native library: going on without" in caplog.text
