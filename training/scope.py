"""What counts for being out of scope, and what is declined at which bound: `python -m training.scope`, minutes.

Cross-validation of the pipeline of `config.yml` up to `nlu.components.scope.Scope`: each sentence is judged by a model, and
compared with sentences, that never saw it; the weights are fitted on four other fifths.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import yaml

from nlu import without_tensorflow

without_tensorflow.install()

from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from nlu.components.topics import OUT_OF_SCOPE  # noqa: E402
from training.pipeline import example, trained  # noqa: E402
from training.sentences import answers, sentences  # noqa: E402

SCOPE = "nlu.components.scope.Scope"
BOUNDS = (0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25, 0.3, 0.35, 0.4, 0.5)
ANSWERED = 2
"""How many questions asked back are as bad as one message answered that should have been declined."""
_SEED = 1


def gather(rows: list[tuple[str, str]], folds: int) -> np.ndarray:
    """Of each sentence the log-odds of out of scope and its nearness, (n, 2)."""
    pipeline = yaml.safe_load(Path("config.yml").read_text("utf-8"))["pipeline"]
    until = [item["name"] for item in pipeline].index(SCOPE) + 1
    topics = np.array([topic for topic, _ in rows])
    written, found = answers(Path("domain/answers")), np.zeros((len(rows), 2))
    cuts = StratifiedKFold(folds, shuffle=True, random_state=_SEED).split(topics, topics)
    for number, (here, there) in enumerate(cuts, 1):
        print(f"Fold {number} of {folds}: training on {len(here)} sentences", file=sys.stderr, flush=True)
        data = TrainingData([example(*rows[i]) for i in here], responses=written)
        with tempfile.TemporaryDirectory() as folder:
            *before, scope = trained(pipeline[:until], data, LocalModelStorage.create(Path(folder)))
            for i in there:
                messages = [Message({"text": rows[i][1]})]
                for part in before:
                    messages = part.process(messages)
                confidence, nearness = scope.evidence(messages[0])
                if nearness is None:
                    raise SystemExit("The sentence encoder is missing: python -m training.scope needs it.")
                found[i] = np.log(confidence / (1 - confidence)), nearness
    return found


def main() -> None:
    """Prints the fitted weights and the table."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--folds", type=int, default=5)
    folds = arguments.parse_args().folds
    rows = sentences(Path("nlu"))
    outside = np.array([topic == OUT_OF_SCOPE for topic, _ in rows])
    evidence = gather(rows, folds)
    for names, columns in ((("confidence", "nearness"), evidence), (("confidence_alone",), evidence[:, :1])):
        model = LogisticRegression(C=100, max_iter=1000).fit(columns, outside)
        print(
            ", ".join(
                f"{n}={w:.3f}"
                for n, w in zip((*names, "bias"), [*model.coef_[0], *model.intercept_], strict=True)
            )
        )
        strange = np.zeros(len(rows))
        for train, test in StratifiedKFold(folds, shuffle=True, random_state=0).split(columns, outside):
            fitted = LogisticRegression(C=100, max_iter=1000).fit(columns[train], outside[train])
            strange[test] = fitted.predict_proba(columns[test])[:, 1]
        print("  scope_most  refused  rejected  cost")
        for bound in BOUNDS:
            declined = strange >= bound
            cost = (declined & ~outside).sum() + ANSWERED * (~declined & outside).sum()
            print(
                f"  {bound:10.2f}  {declined[~outside].mean():7.3f}  {declined[outside].mean():8.3f}  {cost}",
                flush=True,
            )


if __name__ == "__main__":
    main()
