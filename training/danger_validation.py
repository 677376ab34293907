"""What the guard finds at which threshold: `python -m training.danger_validation`, in Rasa's environment, minutes.

Five-fold cross-validation: each sentence is judged by a model that never saw it. The rules were written knowing
`tests/safety` and the older half of the emergencies; for those alone the figures flatter.
"""

import itertools

import numpy as np

from core.danger_features import clean, terms
from core.guard import RULES, Guard
from nlu.components.vectors import Whitening
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
)

FOLDS = 5
DOUBTED = (0.5, 0.7, 0.9)
SURE_NONE = (0.02, 0.05, 0.1, 0.2)
SURE_DANGER = (0.15, 0.2, 0.22, 0.24, 0.26, 0.3, 0.5)


def main() -> None:
    """Prints the table."""
    guard = Guard.from_file(RULES)
    sentences = read_sentences()
    texts, n = [text for text, _ in sentences], len(sentences)
    counts = [terms(clean(text), guard.reader, guard.meanings()) for text in texts]
    sparse = matrix(counts, inverse_frequencies(counts))
    vectors = encode([clean(text).lower() for text in texts])
    dense = Whitening.fit(vectors, WHITENING)(vectors) * np.float32(SCALE)
    _, targets = numbers([topic for _, topic in sentences], guard.topics)
    fold = np.random.RandomState(0).randint(0, FOLDS, n)
    probability = np.zeros(n)
    for number in range(FOLDS):
        train, test = np.where(fold != number)[0], np.where(fold == number)[0]
        model = fit(dense[train], sparse[train], targets[train])
        probability[test] = model.probabilities(dense[test], sparse[test])[:, : len(guard.topics)].sum(1)
    found = [guard.check_rules(text) for text in texts]
    hit, doubted = np.array([f is not None for f, _ in found]), np.array([d for _, d in found])
    emergency, safety = targets < len(guard.topics), np.arange(n) >= n - len(read_safety())
    print(
        "sure_none sure_danger though_doubted  nlu: recall, false alarms   tests/safety: recall, false alarms"
    )
    for none, danger, though in itertools.product(SURE_NONE, SURE_DANGER, DOUBTED):
        alarm = probability >= np.where(hit, none, np.where(doubted, though, danger))
        shares = [alarm[part & kind].mean() for part in (~safety, safety) for kind in (emergency, ~emergency)]
        print(
            f"{none:9.2f} {danger:11.2f} {though:14.2f}  " + "  ".join(f"{share:.3f}" for share in shares),
            flush=True,
        )


if __name__ == "__main__":
    main()
