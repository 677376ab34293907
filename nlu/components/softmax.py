"""Multinomial logistic regression for many classes over wide sparse features, in float32.

scikit-learn's solver works in float64 on one core and took minutes for 140 classes and 100,000 features.
"""

import sys
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class SoftmaxRegression:
    """`weights` float32 (features, classes), `bias` float32 (classes,)."""

    weights: np.ndarray
    bias: np.ndarray

    @property
    def width(self) -> int:
        """How many features it reads."""
        return int(self.weights.shape[0])

    @classmethod
    def fit(
        cls, features: csr_matrix, targets: np.ndarray, classes: int, c: float, max_iter: int
    ) -> "SoftmaxRegression":
        """Minimise the class-balanced log-loss plus |w|^2 / 2C (summed, as scikit-learn's C is meant).

        Args:
            features: float32 (n, d).
            targets: class numbers (n,), every class at least once.
            classes: how many classes.
            c: inverse strength of the penalty.
            max_iter: iterations of L-BFGS.
        """
        n, d = features.shape
        features = features.astype(np.float32)
        transposed = features.T.tocsr()
        counts = np.bincount(targets, minlength=classes)
        balance = (n / (classes * counts))[targets].astype(np.float32)[:, None]
        truth = np.zeros((n, classes), np.float32)
        truth[np.arange(n), targets] = 1.0
        iteration = 0

        def loss(flat: np.ndarray) -> "tuple[float, np.ndarray]":
            w = flat[: d * classes].reshape(d, classes).astype(np.float32)
            b = flat[d * classes :].astype(np.float32)
            p = _softmax(features @ w + b)
            value = -float((balance[:, 0] * np.log(np.maximum(p[np.arange(n), targets], 1e-12))).sum())
            error = (p - truth) * balance
            gradient = transposed @ error + w / c
            value += float((w * w).sum()) / (2 * c)
            return value, np.concatenate([gradient.ravel(), error.sum(0)]).astype(np.float64)

        def progress(_: np.ndarray) -> None:
            nonlocal iteration
            iteration += 1
            if iteration % 10 == 0:
                print(f"Training the topic classifier: step {iteration} of at most {max_iter}", file=sys.stderr)

        start = np.zeros(d * classes + classes)
        result = minimize(
            loss, start, jac=True, method="L-BFGS-B", callback=progress, options={"maxiter": max_iter, "maxcor": 5}
        )
        flat = result.x.astype(np.float32)
        return cls(flat[: d * classes].reshape(d, classes), flat[d * classes :])

    def probabilities(self, features: csr_matrix) -> np.ndarray:
        """Class probabilities, float32 (n, classes)."""
        return _softmax(features.astype(np.float32) @ self.weights + self.bias)


def _softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(scores / scores.sum(1, keepdims=True))
