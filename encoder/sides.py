"""Nearness: is a sentence nearer to the known sentences of one kind or to all others?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder.weights import Floats

_STEPS = 127
"""Directions are kept as whole numbers of 1/127: their cosines stay within .01."""


class Sides:
    """The directions of known sentences, those of the one kind apart from the others."""

    def __init__(self, one: NDArray[Any], others: NDArray[Any], neighbours: int) -> None:
        """Vectors of any length, (n, 384) each; the `neighbours` nearest of each side count.

        Raises:
            ValueError: a side has fewer sentences than that.
        """
        if min(len(one), len(others)) < neighbours:
            raise ValueError(f"each side needs {neighbours} sentences")
        self._sides = unit(one), unit(others)
        self._neighbours = neighbours

    def nearness(self, vector: Floats) -> float:
        """By how much mean cosine the one kind is nearer to the vector (384,) than the others are."""
        direction, k = unit(vector[None])[0], self._neighbours
        near = [np.partition(side @ direction, -k)[-k:].mean() for side in self._sides]
        return float(near[0] - near[1])

    def packed(self) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Both sides in a quarter of the space; to be given to a new `Sides`."""
        one, others = (np.rint(side * _STEPS).astype(np.int8) for side in self._sides)
        return one, others


def unit(rows: NDArray[Any]) -> Floats:
    """The rows at length 1."""
    rows = rows.astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
