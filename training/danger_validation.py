"""What the guard finds at which threshold: `python -m training.danger_validation`, in Rasa's environment, minutes.

Five-fold cross-validation: each sentence is judged by a model that never saw it. The rules were written knowing
`tests/safety` and the older half of the emergencies; for those alone the figures flatter.
"""

import numpy as np

from core.danger_features import clean, terms
from core.guard import RULES, Guard
from nlu.components.softmax import SoftmaxRegression
from training.danger import (
    BALANCE,
    MAX_ITER,
    SCALE,
    C,
    encode,
    group,
    inverse_frequencies,
    matrix,
    read_safety,
    read_sentences,
)

FOLDS = 5
SURE_NONE, DOUBTED = 0.02, 0.9
THRESHOLDS = (0.1, 0.15, 0.2, 0.3, 0.5, 0.7)


def main() -> None:
    """Prints the table."""
    guard = Guard.from_file(RULES)
    sentences = read_sentences()
    texts, n = [text for text, _ in sentences], len(sentences)
    counts = [terms(clean(text), guard.reader, guard.meanings()) for text in texts]
    sparse = matrix(counts, inverse_frequencies(counts))
    vectors = encode([clean(text).lower() for text in texts])
    dense = (vectors - vectors.mean(0)) * np.float32(SCALE)
    labels = [*guard.topics, *sorted({group(topic) for _, topic in sentences} - set(guard.topics))]
    targets = np.array([labels.index(group(topic)) for _, topic in sentences])
    fold = np.random.RandomState(0).randint(0, FOLDS, n)
    probability = np.zeros(n)
    for number in range(FOLDS):
        train, test = np.where(fold != number)[0], np.where(fold == number)[0]
        model = SoftmaxRegression.fit(
            dense[train], sparse[train], targets[train], len(labels), C, BALANCE, MAX_ITER
        )
        probability[test] = model.probabilities(dense[test], sparse[test])[:, : len(guard.topics)].sum(1)
    found = [guard.check_rules(text) for text in texts]
    hit, doubted = np.array([f is not None for f, _ in found]), np.array([d for _, d in found])
    emergency, safety = targets < len(guard.topics), np.arange(n) >= n - len(read_safety())
    print("threshold  nlu: recall, false alarms   tests/safety: recall, false alarms")
    for threshold in THRESHOLDS:
        alarm = probability >= np.where(hit, SURE_NONE, np.where(doubted, DOUBTED, threshold))
        shares = [alarm[part & kind].mean() for part in (~safety, safety) for kind in (emergency, ~emergency)]
        print(f"{threshold:9.2f}  " + "  ".join(f"{share:.3f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
