"""Whitening: directions in which all sentences vary alike count for less."""

from dataclasses import dataclass

import numpy as np

from encoder.weights import Floats


@dataclass(frozen=True)
class Whitening:
    """Centring and partial whitening; `mean` float32 (384,), `matrix` float32 (384, 384)."""

    mean: Floats
    matrix: Floats

    @classmethod
    def fit(cls, vectors: Floats, power: float) -> "Whitening":
        """Learn from float32 (n, 384); `power` 0 only centres, 1 whitens wholly. The mean length stays."""
        mean = vectors.mean(0)
        centred = vectors - mean
        values, directions = np.linalg.eigh(centred.T @ centred / len(vectors))
        deviations = np.sqrt(np.maximum(values, 0.0))
        matrix = directions * (deviations / max(deviations.max(), 1e-9) + 1e-3) ** -power
        before, after = float(np.linalg.norm(centred)), float(np.linalg.norm(centred @ matrix))
        return cls(mean, np.asarray(matrix * (before / max(after, 1e-9)), np.float32))

    def __call__(self, vectors: Floats) -> Floats:
        """Changed vectors, float32 (n, 384)."""
        return np.asarray((vectors - self.mean) @ self.matrix)
