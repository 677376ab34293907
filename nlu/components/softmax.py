"""Multinomial logistic regression for many classes over a dense and a sparse block, in float32.

scikit-learn's and SciPy's solvers work in float64: they took 72 s for 140 classes and 30,000 features, this
one 6 s on two cores (docs/decisions/0003-understanding.md).
"""

import itertools
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

_MEMORY = 6
_ENOUGH_DECREASE = 1e-4


@dataclass(frozen=True)
class SoftmaxRegression:
    """`weights` float32 (dense + sparse features, classes), `bias` float32 (classes,)."""

    weights: np.ndarray
    bias: np.ndarray

    @property
    def width(self) -> int:
        """How many features it reads."""
        return int(self.weights.shape[0])

    @classmethod
    def fit(
        cls,
        dense: np.ndarray,
        sparse: csr_matrix,
        targets: np.ndarray,
        classes: int,
        c: float,
        balance: float,
        max_iter: int,
        tolerance: float = 5e-4,
    ) -> "SoftmaxRegression":
        """Minimise the weighted log-loss plus |w|^2 / 2C (summed, as scikit-learn's C is meant).

        Args:
            dense: float32 (n, d1).
            sparse: float32 (n, d2).
            targets: class numbers (n,), every class at least once.
            classes: how many classes.
            c: inverse strength of the penalty.
            balance: 0 weighs all sentences alike, 1 all classes alike, between is between.
            max_iter: most iterations of L-BFGS.
            tolerance: stop when an iteration lowers the loss by less than this share.
        """
        n, d = len(targets), dense.shape[1] + sparse.shape[1]
        counts = np.bincount(targets, minlength=classes)
        weight = ((n / (classes * counts)) ** balance)[targets].astype(np.float32)[:, None]
        shift = dense.shape[1]
        rows = _shares(np.arange(n + 1))
        dense_parts, sparse_parts = [dense[r] for r in rows], [sparse[r].tocsr() for r in rows]
        # columns are cut where the non-zeros are halved: short n-grams are far more frequent
        transposed = sparse.T.tocsr()
        columns = [transposed[r] for r in _shares(transposed.indptr)]
        everyone = np.arange(n)

        with ThreadPoolExecutor(len(rows)) as pool:

            def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
                w = flat.reshape(d + 1, classes)

                def probabilities(part: int) -> np.ndarray:
                    scores = dense_parts[part] @ w[:shift]
                    scores += sparse_parts[part] @ w[shift:d]
                    return _softmax(scores + w[d])

                error = np.concatenate(list(pool.map(probabilities, range(len(rows)))))
                value = -float((weight[:, 0] * np.log(np.maximum(error[everyone, targets], 1e-12))).sum())
                error[everyone, targets] -= 1.0
                error *= weight
                gradient = np.empty_like(w)
                gradient[:shift] = dense.T @ error
                gradient[shift:d] = np.concatenate(list(pool.map(lambda part: part @ error, columns)))
                gradient[:d] += w[:d] * np.float32(1 / c)
                gradient[d] = error.sum(0)
                penalty = flat[: d * classes]
                return value + float(np.dot(penalty, penalty)) / (2 * c), gradient.ravel()

            flat = _minimise(loss, (d + 1) * classes, max_iter, tolerance)
        w = flat.reshape(d + 1, classes)
        return cls(w[:d], w[d])

    def probabilities(self, dense: np.ndarray, sparse: csr_matrix, temperature: float = 1.0) -> np.ndarray:
        """Class probabilities, float32 (n, classes); a temperature below 1 sharpens them."""
        shift = dense.shape[1]
        scores = dense @ self.weights[:shift] + sparse @ self.weights[shift:] + self.bias
        return _softmax(scores / np.float32(temperature))


def _shares(cumulative: np.ndarray) -> list[slice]:
    """As many slices as cores, at most three, of nearly equal work; `cumulative` counts it up."""
    parts = min(os.cpu_count() or 1, 3)
    cuts = [int(np.searchsorted(cumulative, cumulative[-1] * i / parts)) for i in range(parts + 1)]
    cuts[0], cuts[-1] = 0, len(cumulative) - 1
    return [slice(a, b) for a, b in itertools.pairwise(cuts)]


def _minimise(
    loss: Callable[[np.ndarray], tuple[float, np.ndarray]], size: int, max_iter: int, tolerance: float
) -> np.ndarray:
    """L-BFGS with backtracking, wholly in float32 (SciPy's keeps 10 copies of the weights in float64)."""
    x: np.ndarray = np.zeros(size, np.float32)
    value, gradient = loss(x)
    history: list[tuple[np.ndarray, np.ndarray, float]] = []
    for iteration in range(1, max_iter + 1):
        step = gradient.copy()
        alphas = []
        for s, y, rho in reversed(history):
            alphas.append(np.float32(rho * np.dot(s, step)))
            step -= alphas[-1] * y
        if history:
            s, y, rho = history[-1]
            step *= np.float32(1 / (rho * np.dot(y, y)))
        else:
            step *= np.float32(1 / max(float(np.linalg.norm(gradient)), 1e-9))
        for (s, y, rho), alpha in zip(history, reversed(alphas), strict=True):
            step += s * (alpha - np.float32(rho * np.dot(y, step)))
        slope, length = float(np.dot(gradient, step)), 1.0
        while True:
            there = x - np.float32(length) * step
            new_value, new_gradient = loss(there)
            if new_value <= value - _ENOUGH_DECREASE * length * slope or length < 1e-6:
                break
            length *= 0.4
        s, y = there - x, new_gradient - gradient
        if (curvature := float(np.dot(s, y))) > 1e-10:
            history = [*history, (s, y, 1 / curvature)][-_MEMORY:]
        gain = (value - new_value) / max(abs(new_value), 1.0)
        x, value, gradient = there, new_value, new_gradient
        if iteration % 10 == 0:
            print(
                f"Training: step {iteration} of at most {max_iter}",
                file=sys.stderr,
                flush=True,
            )
        if gain < tolerance and iteration > 5:
            break
    return x


def _softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(scores / scores.sum(1, keepdims=True))
