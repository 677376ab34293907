"""Cross-validation of the pipeline on the training sentences alone: `python -m training.cross_validation --out FILE`.

Each fold trains the components of `config.yml` on the other folds and reads its own. FILE gets a JSON line a sentence:
`{text, topic, taken_for, best, confidence, out}`; `best` and `confidence` are of the ranking before the decision's own rules,
`out` is the confidence of `bot/out_of_scope`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nlu import without_tensorflow

without_tensorflow.install()

from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.shared.nlu.constants import TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from nlu.components.decision import TOPIC  # noqa: E402
from nlu.components.topics import OUT_OF_SCOPE  # noqa: E402
from training.pipeline import example, read, trained  # noqa: E402
from training.sentences import answers, sentences  # noqa: E402

_SEED = 1


def _rows(messages: Iterable[Message]) -> Iterator[dict[str, Any]]:
    for message in messages:
        ranking = {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking")}
        best = max(ranking, key=lambda name: ranking[name])
        yield {
            "text": message.get(TEXT),
            "taken_for": message.get(TOPIC)["name"],
            "best": best,
            "confidence": round(ranking[best], 4),
            "out": round(ranking.get(OUT_OF_SCOPE, 0.0), 4),
        }


def main() -> None:
    """Run all folds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--folds", type=int, default=5)
    chosen = arguments.parse_args()
    rows = sentences(Path("nlu"))
    written = answers(Path("domain/answers"))
    topics = np.array([topic for topic, _ in rows])
    pipeline = yaml.safe_load(Path("config.yml").read_text("utf-8"))["pipeline"]
    folds = StratifiedKFold(chosen.folds, shuffle=True, random_state=_SEED)
    with chosen.out.open("w", encoding="utf-8") as out:
        for number, (here, there) in enumerate(folds.split(topics, topics), 1):
            print(
                f"Fold {number} of {chosen.folds}: training on {len(here)} sentences",
                file=sys.stderr,
                flush=True,
            )
            data = TrainingData([example(*rows[i]) for i in here], responses=written)
            with tempfile.TemporaryDirectory() as folder:
                parts = trained(pipeline, data, LocalModelStorage.create(Path(folder)))
                answered = read(parts, [rows[i][1] for i in there])
                for i, found in zip(there, _rows(answered), strict=True):
                    out.write(json.dumps({"topic": rows[i][0], **found}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
