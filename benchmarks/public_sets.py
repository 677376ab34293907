"""Desmi's classifier beside nine others on other people's Indonesian intents, in one run on the same splits.

`make public SETS="xSID=id.valid.conll,id.test.conll COD=id_dev.json"`: a set is a name and one file, or two where
the set has a part for tests. `--write` puts the tables into docs/reports/public_sets.md. What was measured is kept in
`var/benchmark/` and taken from there while neither the pipeline nor the split changes: a run that was broken off goes on.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import intent_report, intent_sets, pipelines
from benchmarks.intent_report import Result
from benchmarks.intent_sets import Split
from benchmarks.pipelines import Configuration

CODE = Path(__file__).parents[1]
KEPT = CODE / "var" / "benchmark" / "public_sets"


def measure(configuration: Configuration, split: Split) -> Result:
    """What `_answers` gives, from the disk if it is there."""
    file = KEPT / f"{_fingerprint(configuration, split)}.json"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(_answers(configuration, split)), "utf-8")
    return Result(configuration.name, split, **json.loads(file.read_text("utf-8")))


def _fingerprint(configuration: Configuration, split: Split) -> str:
    """Of all that decides the result: components, their code where it is ours, and sentences."""
    code = sorted(
        [CODE / "benchmarks" / "reference.py", *(CODE / "nlu").rglob("*.py"), *(CODE / "nlu").rglob("*.tsv")]
    )
    parts = [
        json.dumps(list(configuration.with_seed(split.seed))),
        repr((split.train, split.test, split.outside)),
    ]
    if configuration.name == pipelines.OURS:
        parts += [path.read_text("utf-8") for path in code]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _answers(configuration: Configuration, split: Split) -> dict[str, Any]:
    """Train on the split and ask its test and outside sentences."""
    import rasa.engine.recipes.default_components  # noqa: F401  (brings TensorFlow: not a part of training)
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from training.pipeline import read, trained

    data = TrainingData([Message({TEXT: e.text, INTENT: e.intent}) for e in split.train])
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        parts = trained(configuration.with_seed(split.seed), data, storage)
        seconds = time.perf_counter() - begun
        best = [
            max(
                message.get("intent_ranking") or [message.get(INTENT)],
                key=lambda entry: entry["confidence"] or 0.0,
            )
            for message in read(parts, [e.text for e in [*split.test, *split.outside]])
        ]
    return {
        "guesses": [entry["name"] for entry in best[: len(split.test)]],
        "confidences": [float(entry["confidence"] or 0.0) for entry in best],
        "seconds": seconds,
    }


def _sets(chosen: Sequence[str], seeds: Sequence[int]) -> list[Split]:
    splits = []
    for item in chosen:
        name, _, files = item.partition("=")
        parts = [intent_sets.read(Path(file)) for file in files.split(",") if file]
        if not name or len(parts) not in (1, 2):
            raise SystemExit(f"{item}: give a set as NAME=FILE or NAME=TRAINING,TEST.")
        splits += [
            intent_sets.split(name, parts[0], [e for part in parts[1:] for e in part], s) for s in seeds
        ]
    return splits


def main() -> None:
    """Measure all configurations on all sets; print the tables, or write them."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.public_sets", description=__doc__)
    arguments.add_argument("sets", nargs="+", metavar="NAME=FILE[,FILE]")
    arguments.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments.add_argument("--only", nargs="+", help="names of configurations; Desmi is always measured")
    arguments.add_argument("--write", action="store_true", help=f"write {intent_report.PAGE.name}")
    chosen = arguments.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    # threads of such small sums wait for each other: beside other jobs one is many times faster than two
    for library in ("OMP", "OPENBLAS"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    warnings.simplefilter("ignore")
    splits = _sets(chosen.sets, chosen.seeds)
    wanted = [c for c in pipelines.TABLE if not chosen.only or c.name in chosen.only] + [pipelines.ours()]
    results = []
    for split in splits:
        for configuration in wanted:
            results.append(measure(configuration, split))
            place = f"{len(results)} of {len(splits) * len(wanted)}"
            print(f"{place}: {intent_report.line(results[-1])}", file=sys.stderr, flush=True)
    page = intent_report.page(results, wanted)
    if chosen.write:
        intent_report.PAGE.write_text(page, "utf-8")
    else:
        print(page)


if __name__ == "__main__":
    main()
