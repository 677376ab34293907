"""What the comparisons of classifiers on Desmi's own sentences have in common: splits, figures, the table."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, train_test_split

from training.sentences import sentences

OUT_OF_SCOPE = "bot/out_of_scope"
SEED = 1
FOLDS = 5
HELD_OUT = Path("tests/heldout/questions.csv")

Rows = list[tuple[str, str]]
"""(topic, text)."""


def splits(folds: int, held_out: bool, share: float = 1.0) -> tuple[list[str], int, list[tuple[Rows, Rows]]]:
    """All topics, the number of the one out of scope, and what to train on and to read.

    Args:
        folds: how many of the five folds of the training sentences.
        held_out: everything, and the held-out questions, in place of folds.
        share: of the sentences to train on, alike for every topic, for what would take hours on all.
    """
    rows = sentences(Path("nlu"))
    topics = np.array([topic for topic, _ in rows])
    labels = sorted(set(topics))
    if held_out:
        asked = csv.DictReader(HELD_OUT.read_text("utf-8").splitlines())
        parts = [(rows, [(row["topic"], row["text"]) for row in asked])]
    else:
        cut = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(topics, topics)
        parts = [([rows[i] for i in here], [rows[i] for i in there]) for here, there in list(cut)[:folds]]
    if share < 1.0:
        parts = [(_thinned(train, share), test) for train, test in parts]
    return labels, labels.index(OUT_OF_SCOPE), parts


def _thinned(rows: Rows, share: float) -> Rows:
    here, _ = train_test_split(
        rows, train_size=share, random_state=SEED, stratify=[topic for topic, _ in rows]
    )
    return list(here)


def softmax(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities (n, classes)."""
    scores = np.exp((scores - scores.max(1, keepdims=True)) / temperature)
    return np.asarray(scores / scores.sum(1, keepdims=True))


def log_loss(probabilities: np.ndarray, targets: np.ndarray) -> float:
    """Mean log-loss in nats."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-9)).mean())


def figures(found: np.ndarray, targets: np.ndarray, outside: int) -> dict[str, float]:
    """Accuracy and macro-F1 of in-scope rows, log-loss and calibration error, and what is rejected at .05 refused."""
    inside = targets != outside
    best = found.argmax(1)
    confidence, right = found.max(1)[inside], (best == targets)[inside]
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)
    )
    row = {
        "accuracy": float(right.mean()),
        "macro-F1": float(
            f1_score(targets[inside], best[inside], labels=sorted(set(targets[inside])), average="macro")
        ),
        "log-loss": log_loss(found[inside], targets[inside]),
        "calibration": float(error),
    }
    if (~inside).any():
        strange = found[:, outside] - np.delete(found, outside, 1).max(1)
        row["rejected"] = float((strange[~inside] > np.quantile(strange[inside], 0.95)).mean())
    return row


def show(results: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    """The table: means over the folds."""
    columns = list(next(iter(results.values()))[0])
    print("| classifier | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for name, rows in results.items():
        cells = (f"{np.mean([row[column] for row in rows]):.3f}" for column in columns if column in rows[0])
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
