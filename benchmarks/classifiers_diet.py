"""DIET on Desmi's sentence vectors and mended text, on the folds of `benchmarks.classifiers`.

`make .venv-benchmark/.ready`, then `.venv-benchmark/bin/python -m benchmarks.classifiers_diet --share 0.25`: 37 minutes beside other
work. On all sentences no run was waited for to its end; `benchmarks.classifiers --share 0.25 --ours` reads the same split.
"""

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml

from benchmarks import topic_figures
from benchmarks.pipelines import TABLE

if TYPE_CHECKING:
    from rasa.shared.nlu.training_data.message import Message

KEPT_OF_OURS = ("Normaliser", "SentenceEncoder")


def main() -> None:
    """Train and read each fold; print the table."""
    import rasa.engine.recipes.default_components  # noqa: F401  (brings TensorFlow: not a part of training)
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from training.pipeline import example, read, trained
    from training.sentences import answers

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=1, help="How many of the five folds are read.")
    parser.add_argument("--held-out", action="store_true", help="Train on everything, read tests/heldout.")
    parser.add_argument("--share", type=float, default=1.0, help="Of the sentences to train on.")
    parser.add_argument("--epochs", type=int, default=50)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    ours = yaml.safe_load(Path("config.yml").read_text("utf-8"))["pipeline"]
    tokens, *_, diet = next(c for c in TABLE if c.name == "a").pipeline
    features = next(c for c in TABLE if c.name == "a").pipeline[1:-1]
    pipeline = [
        tokens,
        *(item for item in ours if item["name"].endswith(KEPT_OF_OURS)),
        *features,
        {**diet, "epochs": chosen.epochs, "random_seed": topic_figures.SEED, "ranking_length": 0},
    ]
    labels, outside, splits = topic_figures.splits(chosen.folds, chosen.held_out, chosen.share)
    number = {label: i for i, label in enumerate(labels)}
    results: dict[str, list[dict[str, float]]] = {}
    for train, test in splits:
        data = TrainingData(
            [_flat(example(*row)) for row in train], responses=answers(Path("domain/answers"))
        )
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            parts = trained(pipeline, data, LocalModelStorage.create(Path(folder)))
            seconds = time.monotonic() - begun
            found = np.full((len(test), len(labels)), 1e-9)
            for row, message in enumerate(read(parts, [text for _, text in test])):
                for entry in message.get("intent_ranking"):
                    found[row, number[entry["name"]]] = entry["confidence"]
        targets = np.array([number[topic] for topic, _ in test])
        result = {
            **topic_figures.figures(found / found.sum(1, keepdims=True), targets, outside),
            "fit, s": seconds,
        }
        results.setdefault(f"DIET, {chosen.epochs} epochs, on the vectors and words and letters", []).append(
            result
        )
        print(f"accuracy {result['accuracy']:.3f}, {seconds:.0f} s", file=sys.stderr, flush=True)
    topic_figures.show(results)


def _flat(message: "Message") -> "Message":
    """The topic as the intent: DIET knows no theme above it."""
    message.set("intent", message.get_full_intent())
    message.set("intent_response_key", None)
    return message


if __name__ == "__main__":
    main()
