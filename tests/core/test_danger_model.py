"""The guard's trained half: its file, what it does with any text, and how it goes on without the encoder."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.danger_features import BUCKETS, WIDTH, terms, weigh, windows
from core.danger_model import VERSION, DangerModel
from core.guard import RULES, Guard
from core.wording import Reader
from encoder.model import DIM, Encoder
from encoder.text import MAX_CHARS, clean
from encoder.weights import EncoderError

RULES_ALONE = Guard.from_file(RULES)
TOPICS = list(RULES_ALONE.topics)


class FakeEncoder:
    """Gives one vector to all texts; `broken` raises."""

    def __init__(self, broken: bool = False) -> None:
        self.broken, self.texts = broken, list[str]()

    def vector(self, text: str) -> Any:
        self.texts.append(text)
        if self.broken:
            raise RuntimeError("no")
        return np.full(DIM, 1 / np.sqrt(DIM), np.float32)


def arrays(**facts: object) -> dict[str, Any]:
    """A model for which the word "disekap" is danger (confined), everything else is none."""
    column = weigh(terms("disekap", RULES_ALONE.reader, RULES_ALONE.meanings()), np.ones(WIDTH, np.float32))[
        0
    ]
    lexical = np.zeros((WIDTH, len(TOPICS) + 1), np.float16)
    lexical[column, TOPICS.index("help/confined")] = 8
    bias = np.zeros(len(TOPICS) + 1, np.float32)
    bias[-1] = 6
    known = {
        "version": VERSION,
        "topics": TOPICS,
        "reader": RULES_ALONE.reader.memory(),
        "meanings": RULES_ALONE.meanings(),
        "neighbours": 2,
        "evidence": {"likelihood": 1, "nearness": 4, "rule": 4, "doubt": -3, "bias": 0},
        "evidence_alone": {"likelihood": 1, "nearness": 0, "rule": 4, "doubt": -3, "bias": 0},
        **facts,
    }
    return {
        "facts": np.array(json.dumps(known)),
        "idf": np.ones(WIDTH, np.float16),
        "weights": np.vstack([np.zeros((DIM, len(TOPICS) + 1), np.float16), lexical]),
        "bias": bias,
        "lexical_weights": lexical,
        "lexical_bias": bias,
        "mean": np.zeros(DIM, np.float32),
        "whitening": np.eye(DIM, dtype=np.float16),
        # what is known lies as far from the fake encoder's vector on both sides
        "emergencies": np.eye(DIM, dtype=np.int8)[:3] * 127,
        "others": np.eye(DIM, dtype=np.int8)[3:9] * 127,
    }


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(**facts: object) -> Path:
        np.savez(tmp_path / "danger-1.npz", **arrays(**facts))
        return tmp_path / "danger-1.npz"

    return write


def test_danger_is_told_from_none(file: Callable[..., Path]) -> None:
    model = DangerModel.load(file(), encoder=False)
    assert model is not None
    assert not model.encodes
    topic, danger = model.score("anak saya disekap")
    assert topic == "help/confined"
    assert danger > 0.5
    assert model.score("syarat ke taiwan")[1] < 0.1


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "\U0001f600", "é" * 5000, "a" * 10_000, "1" * 300]
)
def test_odd_texts_are_scored(text: str) -> None:
    encoder = FakeEncoder()
    assert 0 <= DangerModel(arrays(), encoder).score(text)[1] <= 1
    assert all(len(seen) <= MAX_CHARS for seen in encoder.texts)
    assert not any("\x00" in seen or "\ud800" in seen for seen in encoder.texts)


MODEL = DangerModel(arrays(), FakeEncoder())


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=300))
def test_any_text_is_scored(text: str) -> None:
    assert 0 <= MODEL.score(text)[1] <= 1


def test_a_danger_in_the_middle_of_a_long_story_is_found_with_few_calls_of_the_encoder() -> None:
    encoder = FakeEncoder()
    story = "lalu kami menunggu kabar dari kantor " * 40 + "anak saya disekap " + "kemudian kami pulang " * 40
    topic, danger = DangerModel(arrays(), encoder).score(story)
    assert (topic, danger > 0.5) == ("help/confined", True)
    assert len(encoder.texts) <= 5


def test_a_broken_encoder_leaves_the_words_and_warns_once(caplog: pytest.LogCaptureFixture) -> None:
    model = DangerModel(arrays(), FakeEncoder(broken=True))
    with caplog.at_level(logging.WARNING):
        assert model.score("anak saya disekap")[1] > 0.5
        assert model.score("anak saya disekap")[1] > 0.5
    assert len(caplog.records) == 1
    assert not model.encodes


def test_a_missing_encoder_leaves_the_words_and_warns(
    file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Encoder:
        raise EncoderError("the package is not installed")

    monkeypatch.setattr(Encoder, "load", fail)
    with caplog.at_level(logging.WARNING):
        model = DangerModel.load(file())
    assert model is not None
    assert model.score("anak saya disekap")[1] > 0.5
    assert len(caplog.records) == 1


def test_an_encoder_that_breaks_in_a_story_leaves_the_words_for_all_of_it() -> None:
    class Breaking(FakeEncoder):
        def vector(self, text: str) -> Any:
            self.broken = len(self.texts) == 2
            return super().vector(text)

    story = "lalu kami menunggu kabar dari kantor " * 40 + "anak saya disekap " + "kemudian kami pulang " * 40
    model = DangerModel(arrays(), Breaking())
    assert model.score(story) == DangerModel(arrays(), None).score(story)
    assert not model.encodes


@pytest.mark.parametrize("encoder", [FakeEncoder(), None])
def test_what_the_rules_found_counts(encoder: FakeEncoder | None) -> None:
    model = DangerModel(arrays(), encoder)
    seen = [
        model.score("anak saya disekap", *found)[1]
        for found in ((False, True), (False, False), (True, False))
    ]
    odds = [np.log(danger / (1 - danger)) for danger in seen]
    assert np.diff(odds) == pytest.approx([3, 4])


def test_a_sentence_near_to_known_emergencies_is_likelier_one() -> None:
    class Near(FakeEncoder):
        def vector(self, text: str) -> Any:
            return np.eye(DIM, dtype=np.float32)[[0, 1]].sum(0) / np.sqrt(2)

    near, far = (
        DangerModel(arrays(), encoder).score("kerja di sini")[1] for encoder in (Near(), FakeEncoder())
    )
    assert np.log(near / (1 - near)) - np.log(far / (1 - far)) == pytest.approx(4 / np.sqrt(2), abs=0.05)


def test_an_unusable_file_is_none_with_a_warning(
    file: Callable[..., Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 cut off")
    assert DangerModel.load(tmp_path / "bad.npz") is None
    assert DangerModel.load(tmp_path / "none.npz") is None
    assert DangerModel.load(file(version=VERSION + 1), encoder=False) is None
    assert len(caplog.records) == 3


def test_threads_share_one_model() -> None:
    texts = ["anak saya disekap", "syarat ke taiwan"] * 20
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(MODEL.score, texts)) == [MODEL.score(text) for text in texts]


def test_features_are_the_same_every_time_and_in_their_blocks() -> None:
    reader, meanings = RULES_ALONE.reader, RULES_ALONE.meanings()
    counts = terms("saya dipukul majikan", reader, meanings)
    start = 0
    for block, size in zip(counts, BUCKETS, strict=True):
        assert block
        assert all(start <= column < start + size for column in block)
        start += size
    again = Reader.from_memory(json.loads(json.dumps(reader.memory())))
    assert terms("saya dipukul majikan", again, meanings) == counts
    assert again.read("sy dpkul mjkn") == reader.read("sy dpkul mjkn")


def test_windows_cover_a_long_text_and_spare_a_short_one() -> None:
    assert windows("saya dipukul majikan. tolong!") == []
    story = " ".join(f"kata{i}" for i in range(200))
    assert {word for piece in windows(story) for word in piece.split()} == set(story.split())


def test_a_long_text_keeps_both_ends() -> None:
    text = clean("awal " + "x " * 2000 + "akhir")
    assert text.startswith("awal")
    assert text.endswith("akhir")
    assert len(text) <= MAX_CHARS
