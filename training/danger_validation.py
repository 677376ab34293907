"""What counts for danger, and what the guard finds at which threshold: `python -m training.danger_validation`, minutes.

Five-fold cross-validation in Rasa's environment: each sentence is judged by a model, and compared with sentences, that
never saw it; the evidence's weights are fitted on four other fifths. The rules were written knowing `tests/safety` and the
older half of the emergencies; for those alone the figures flatter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from core.danger_features import terms
from core.guard import RULES, Guard
from encoder.text import clean
from encoder.whitening import Whitening
from training.danger import (
    SCALE,
    WHITENING,
    encode,
    fit,
    inverse_frequencies,
    matrix,
    numbers,
    read_safety,
    read_sentences,
    sides,
    theme,
)

FOLDS = 5
THRESHOLDS = (0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.25, 0.3, 0.4)
MISS = 10
"""How many cards too many are as bad as one missed emergency."""


@dataclass(frozen=True, slots=True)
class Judged:
    """For all sentences (n,): log-odds of the full and the lexical model, nearness, and what the rules saw."""

    full: np.ndarray
    lexical: np.ndarray
    nearness: np.ndarray
    hit: np.ndarray
    doubted: np.ndarray

    def columns(self, encoder: bool) -> np.ndarray:
        """In the order of `core.danger_model.Evidence`; without the encoder there is no nearness."""
        first = (self.full, self.nearness) if encoder else (self.lexical, np.zeros_like(self.lexical))
        return np.stack([*first, self.hit, self.doubted], 1)


def gather(
    guard: Guard, texts: Sequence[str], topics: Sequence[str], emergency: np.ndarray, fold: np.ndarray
) -> Judged:
    """What is known of each sentence by the other folds."""
    counts = [terms(clean(text), guard.reader, guard.meanings()) for text in texts]
    sparse: csr_matrix = matrix(counts, inverse_frequencies(counts))
    vectors = encode([clean(text).lower() for text in texts])
    dense = Whitening.fit(vectors, WHITENING)(vectors) * np.float32(SCALE)
    none = np.zeros((len(texts), 0), np.float32)
    fine = numbers(topics, guard.topics)[1]
    coarse = numbers([theme(topic) for topic in topics], guard.topics)[1]
    probability, nearness = np.zeros((2, len(texts))), np.zeros(len(texts))
    for number in range(FOLDS):
        train, test = np.where(fold != number)[0], np.where(fold == number)[0]
        for row, (features, targets) in enumerate(((dense, fine), (none, coarse))):
            model = fit(features[train], sparse[train], targets[train])
            found = model.probabilities(features[test], sparse[test])
            probability[row, test] = found[:, : len(guard.topics)].sum(1)
        turn, kinds = sides(vectors[train], emergency[train])
        nearness[test] = [kinds.nearness(vector) for vector in turn(vectors[test])]
    odds = np.log(np.clip(probability, 1e-6, 1 - 1e-6) / (1 - np.clip(probability, 1e-6, 1 - 1e-6)))
    found_by_rules = [guard.check_rules(text) for text in texts]
    return Judged(
        odds[0],
        odds[1],
        nearness,
        np.array([found is not None for found, _ in found_by_rules], float),
        np.array([doubted for _, doubted in found_by_rules], float),
    )


def _regression() -> LogisticRegression:
    return LogisticRegression(C=100, max_iter=1000)


def main() -> None:
    """Prints the fitted weights and the table."""
    guard, sentences = Guard.from_file(RULES), read_sentences()
    texts, topics, n = [text for text, _ in sentences], [topic for _, topic in sentences], len(sentences)
    emergency = np.isin(topics, guard.topics)
    safety = np.arange(n) >= n - len(read_safety())
    evidence = gather(guard, texts, topics, emergency, np.random.RandomState(0).randint(0, FOLDS, n))
    again = np.random.RandomState(1).randint(0, FOLDS, n)
    for encoder in (True, False):
        columns, danger = evidence.columns(encoder), np.zeros(n)
        for number in range(FOLDS):
            train = again != number
            model = _regression().fit(columns[train], emergency[train])
            danger[~train] = model.predict_proba(columns[~train])[:, 1]
        model = _regression().fit(columns, emergency)
        names = ("likelihood", "nearness", "rule", "doubt", "bias")
        weights = zip(names, [*model.coef_[0], model.intercept_[0]], strict=True)
        print("with the encoder" if encoder else "without the encoder")
        print("  " + ", ".join(f"{name}={weight:.2f}" for name, weight in weights))
        print("  sure_danger  nlu: recall, false alarms, cost   tests/safety: recall, false alarms")
        for threshold in THRESHOLDS:
            alarm = danger >= threshold
            shares = [
                alarm[part & kind].mean() for part in (~safety, safety) for kind in (emergency, ~emergency)
            ]
            cost = MISS * (~alarm & emergency & ~safety).sum() + (alarm & ~emergency & ~safety).sum()
            print(
                f"  {threshold:11.2f}  {shares[0]:.3f} {shares[1]:.4f} {cost}   {shares[2]:.3f} {shares[3]:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
