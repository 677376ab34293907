"""What reads best on Desmi's own sentences: `.venv-rasa/bin/python -m benchmarks.classifiers`, about half an hour.

Every classifier gets the same features, those of the components of `config.yml`: the sentence vector, and words and
letters of the mended text. Cross-validation on the training sentences alone chooses; with `--held-out` everything is
trained on all of them and reads `tests/heldout` once. Temperatures and what a combination gives to each of its parts
come from an inner cross-validation of each training part.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks import topic_figures
from benchmarks.topic_figures import log_loss, softmax
from nlu import without_tensorflow

without_tensorflow.install()

from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from scipy.optimize import minimize_scalar  # noqa: E402
from scipy.sparse import csr_matrix, hstack  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402
from sklearn.svm import SVC, LinearSVC  # noqa: E402

from nlu.components.softmax import SoftmaxRegression  # noqa: E402
from nlu.components.topic_classifier import TopicClassifier  # noqa: E402
from training.pipeline import example, trained  # noqa: E402
from training.sentences import answers  # noqa: E402

INNER = 3
CLASSIFIER = "nlu.components.topic_classifier.TopicClassifier"
UNFOLD = "nlu.components.unfold.Unfold"


@dataclass(frozen=True)
class Features:
    """Sentence vectors float32 (n, 384), tf-idf blocks (n, terms), and class numbers (n,); -1 where unknown."""

    dense: np.ndarray
    sparse: csr_matrix
    targets: np.ndarray

    def __getitem__(self, rows: np.ndarray) -> "Features":
        return Features(self.dense[rows], self.sparse[rows], self.targets[rows])

    def all(self) -> csr_matrix:
        """Both blocks beside each other."""
        both = hstack([csr_matrix(self.dense), self.sparse]).tocsr()
        both.sort_indices()
        return both


Scorer = Callable[[Features, Features, int], np.ndarray]
"""Trains on the first, scores the second: (n, classes), the higher the likelier."""


def _pipeline() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(Path("config.yml").read_text("utf-8"))["pipeline"]
    return found


def _classifier() -> dict[str, Any]:
    return next(item for item in _pipeline() if item["name"] == CLASSIFIER)


def logistic(dense: bool = True, sparse: bool = True) -> Scorer:
    """Our own classifier's head with the numbers of config.yml, or on one of the two blocks alone."""

    def score(train: Features, test: Features, classes: int) -> np.ndarray:
        def blocks(of: Features) -> tuple[np.ndarray, csr_matrix]:
            nothing = csr_matrix((len(of.targets), 1), dtype=np.float32)
            return of.dense if dense else of.dense[:, :1] * 0, of.sparse if sparse else nothing

        c = {**TopicClassifier.get_default_config(), **_classifier()}
        model = SoftmaxRegression.fit(
            *blocks(train), train.targets, classes, c["C"], c["balance"], c["max_iter"]
        )
        here, there = blocks(test)
        return np.asarray(
            here @ model.weights[: here.shape[1]] + there @ model.weights[here.shape[1] :] + model.bias
        )

    return score


def linear_svc(c: float) -> Scorer:
    """One against all with squared hinge loss, on both blocks."""

    def score(train: Features, test: Features, classes: int) -> np.ndarray:
        model = LinearSVC(C=c, class_weight="balanced", random_state=topic_figures.SEED)
        return _wide(
            model.fit(train.all(), train.targets).decision_function(test.all()), model.classes_, classes
        )

    return score


def svc(kernel: str, c: float) -> Scorer:
    """Each against each, on the vectors: what Rasa's SklearnIntentClassifier does, its grid of `C` aside."""

    def score(train: Features, test: Features, classes: int) -> np.ndarray:
        model = SVC(
            C=c, kernel=kernel, class_weight="balanced", random_state=topic_figures.SEED, cache_size=800
        )
        found = model.fit(train.dense, train.targets).decision_function(test.dense)
        return _wide(found, model.classes_, classes)

    return score


def nearest(neighbours: int) -> Scorer:
    """Votes of the nearest sentences, weighed by cosine, on the vectors."""

    def score(train: Features, test: Features, classes: int) -> np.ndarray:
        a, b = (
            x.dense / np.maximum(np.linalg.norm(x.dense, axis=1, keepdims=True), 1e-9) for x in (train, test)
        )
        likeness = b @ a.T
        top = np.argpartition(-likeness, neighbours, axis=1)[:, :neighbours]
        votes = np.zeros((len(b), classes), np.float32)
        for row in range(len(b)):
            np.add.at(votes[row], train.targets[top[row]], np.exp(8 * likeness[row, top[row]]))
        return np.asarray(np.log(votes / votes.sum(1, keepdims=True) + 1e-3))

    return score


BASES: dict[str, Scorer] = {
    "ours: logistic regression, vectors and tf-idf": logistic(),
    "logistic regression, vectors alone": logistic(sparse=False),
    "logistic regression, tf-idf alone": logistic(dense=False),
    "linear SVC, vectors and tf-idf, C 0.2": linear_svc(0.2),
    "SVC, linear kernel, vectors, C 1": svc("linear", 1.0),
    "SVC, RBF kernel, vectors, C 5": svc("rbf", 5.0),
    "15 nearest sentences, vectors": nearest(15),
}


def _wide(scores: np.ndarray, found: np.ndarray, classes: int) -> np.ndarray:
    wide = np.full((len(scores), classes), scores.min() - 1.0, np.float32)
    wide[:, found] = scores
    return wide


def temperature_of(scores: np.ndarray, targets: np.ndarray) -> float:
    """The temperature with the least log-loss."""
    found = minimize_scalar(
        lambda power: log_loss(softmax(scores, float(np.exp(power))), targets),
        bounds=(-4, 3),
        method="bounded",
    )
    return float(np.exp(found.x))


def read(
    train: Features, test: Features, classes: int, only_ours: bool = False
) -> Iterator[tuple[str, np.ndarray, float]]:
    """Name, probabilities for `test`, and seconds of fitting, for each classifier and combination."""
    inner = StratifiedKFold(INNER, shuffle=True, random_state=topic_figures.SEED)
    logs: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, scorer in BASES.items():
        apart = np.zeros((len(train.targets), classes), np.float32)
        for here, there in inner.split(train.targets, train.targets):
            apart[there] = scorer(train[here], train[there], classes)
        temperature = temperature_of(apart, train.targets)
        started = time.monotonic()
        found = softmax(scorer(train, test, classes), temperature)
        seconds = time.monotonic() - started
        logs[name] = (np.log(softmax(apart, temperature) + 1e-6), np.log(found + 1e-6))
        yield name, found, seconds
        if only_ours:
            return
    started = time.monotonic()
    weights = _pool([logs[name][0] for name in BASES], train.targets)
    pooled = softmax(sum(w * logs[name][1] for w, name in zip(weights, BASES, strict=True)), 1.0)
    given = ", ".join(f"{w:.2f}" for w in weights)
    print(f"  the pool gives {given}", file=sys.stderr, flush=True)
    yield "all of these pooled (a weight each)", pooled, time.monotonic() - started
    started = time.monotonic()
    meta = LogisticRegression(C=0.02, max_iter=300)
    meta.fit(np.hstack([logs[name][0] for name in BASES]), train.targets)
    stacked = meta.predict_proba(np.hstack([logs[name][1] for name in BASES]))
    yield "stacked (logistic regression over their log-probabilities)", stacked, time.monotonic() - started


def _pool(parts: Sequence[np.ndarray], targets: np.ndarray) -> np.ndarray:
    """Weights of a log-linear pool with the least log-loss, by coordinate descent."""
    weights = np.full(len(parts), 1 / len(parts))
    for _round in range(4):
        for number, part in enumerate(parts):
            rest = sum(w * p for i, (w, p) in enumerate(zip(weights, parts, strict=True)) if i != number)
            found = minimize_scalar(
                lambda w, rest=rest, part=part: log_loss(softmax(rest + w * part, 1.0), targets),
                bounds=(0, 1.5),
                method="bounded",
                options={"xatol": 0.02},
            )
            weights[number] = found.x
    return weights


def features(
    rows: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], labels: Sequence[str]
) -> tuple[Features, Features]:
    """Features of training rows and of rows to read, (topic, text); the components learn from the first alone."""
    pipeline = _pipeline()
    # helpers beside a message are not what is measured here
    pipeline = [item for item in pipeline if item["name"] != UNFOLD]
    until = [item["name"] for item in pipeline].index(CLASSIFIER)
    number = {label: i for i, label in enumerate(labels)}
    data = TrainingData([example(*row) for row in rows], responses=answers(Path("domain/answers")))
    with tempfile.TemporaryDirectory() as folder:
        # the classifier's vectorizers are learnt with it; its weights are not used
        fast = {**pipeline[until], "max_iter": 1}
        parts = trained([*pipeline[:until], fast], data, LocalModelStorage.create(Path(folder)))
    both = []
    for some in (rows, others):
        messages = [Message({"text": text}) for _, text in some]
        for part in parts[:-2]:
            messages = part.process(messages)
        # as in training, so that vectors are kept from one run to the next
        parts[-2].process_training_data(TrainingData(messages))
        dense, sparse = parts[-1]._features(messages)
        targets = np.array([number.get(topic, -1) for topic, _ in some])
        both.append(Features(dense, sparse, targets))
    return both[0], both[1]


def main() -> None:
    """Run the folds, or all against the held-out questions."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--folds", type=int, default=topic_figures.FOLDS, help="How many of the five folds are read."
    )
    parser.add_argument("--held-out", action="store_true", help="Train on everything, read tests/heldout.")
    parser.add_argument("--share", type=float, default=1.0, help="Of the sentences to train on.")
    parser.add_argument(
        "--ours", action="store_true", help="Only our own, beside benchmarks.classifiers_diet."
    )
    chosen = parser.parse_args()
    labels, outside, splits = topic_figures.splits(chosen.folds, chosen.held_out, chosen.share)
    results: dict[str, list[dict[str, float]]] = {}
    for number, (train, test) in enumerate(splits, 1):
        print(f"Part {number} of {len(splits)}: {len(train)} sentences", file=sys.stderr, flush=True)
        a, b = features(train, test, labels)
        for name, found, seconds in read(a, b, len(labels), only_ours=chosen.ours):
            row = {**topic_figures.figures(found, b.targets, outside), "fit, s": seconds}
            results.setdefault(name, []).append(row)
            print(f"  {name}: {row['accuracy']:.3f}, {seconds:.0f} s", file=sys.stderr, flush=True)
    topic_figures.show(results)


if __name__ == "__main__":
    main()
