"""Our own normaliser beside kept libraries: `.venv-rasa/bin/python -m benchmarks.normalisers`, about a quarter of an hour.

The libraries are wanted by this benchmark alone:
    .venv-uv/bin/uv pip install --target var/normalisers --no-deps indoNLP==0.3.4 PySastrawi==1.2.1

Each text is mended, then encoded and classified by the components of `config.yml`, all else being the same. One of the
five folds of the training sentences, and the two files of chat spelling in tests/nlu, whose author wrote our lexicon.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml

from nlu import without_tensorflow

without_tensorflow.install()

from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from sklearn.metrics import f1_score  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from encoder.text import clean  # noqa: E402
from nlu.components.lexicon import Lexicon  # noqa: E402
from nlu.components.normaliser import NORMALISED, Normaliser, names_of_places  # noqa: E402
from nlu.components.spelling import Speller, Vocabulary  # noqa: E402
from training.pipeline import example, trained  # noqa: E402
from training.sentences import answers, sentences  # noqa: E402

LIBRARIES = Path("var/normalisers")
NORMALISER, CLASSIFIER = (
    "nlu.components.normaliser.Normaliser",
    "nlu.components.topic_classifier.TopicClassifier",
)
SPELLING = ("tests/nlu/typos_dev.csv", "tests/nlu/typos_check.csv")

Mend = Callable[[str], str]
Rows = Sequence[tuple[str, str]]


def none(_rows: Rows) -> Mend:
    """The cleaned text in lower case."""
    return str.lower


def ours(rows: Rows) -> Mend:
    """Our lexicon and the vocabulary of `rows`."""
    written = [v["text"] for some in answers(Path("domain/answers")).values() for v in some if v.get("text")]
    names = names_of_places(Normaliser.get_default_config()["places"])
    return Speller(
        Lexicon.read(), Vocabulary.learn([clean(text) for _, text in rows], written), names
    ).normalise


def indo_nlp(_rows: Rows) -> Mend:
    """indoNLP's stretched words and list of slang."""
    from indoNLP.preprocessing import replace_slang, replace_word_elongation

    return lambda text: str(replace_slang(replace_word_elongation(text.lower())))


def sastrawi(_rows: Rows) -> Mend:
    """Sastrawi's stems."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer().stem  # type: ignore[no-any-return]


def indo_nlp_then_stems(rows: Rows) -> Mend:
    """Both."""
    first, second = indo_nlp(rows), sastrawi(rows)
    return lambda text: second(first(text))


METHODS: dict[str, Callable[[Rows], Mend]] = {
    "none": none,
    "indoNLP 0.3.4 (slang, stretched words)": indo_nlp,
    "PySastrawi 1.2.1 (stems)": sastrawi,
    "indoNLP, then PySastrawi": indo_nlp_then_stems,
    "**ours** (`Normaliser`)": ours,
}


def read(mend: Mend, train: Rows, tests: Sequence[Rows]) -> Iterator[list[str]]:
    """The topics found for each of the tests, after training on `train`."""

    def mended(topic: str, text: str) -> Message:
        made = example(topic, text)
        made.set(NORMALISED, mend(clean(text)) or text)
        return made

    pipeline = yaml.safe_load(Path("config.yml").read_text("utf-8"))["pipeline"]
    names = [item["name"] for item in pipeline]
    chosen = pipeline[names.index(NORMALISER) + 1 : names.index(CLASSIFIER) + 1]
    for item in chosen:
        if item["name"].endswith("SentenceEncoder"):
            item["store"] = "var/normalisers/encoded.npz"
    with tempfile.TemporaryDirectory() as folder:
        data = TrainingData([mended(*row) for row in train])
        parts = trained(chosen, data, LocalModelStorage.create(Path(folder)))
        for test in tests:
            messages = [mended(*row) for row in test]
            for part in parts:
                messages = part.process(messages)
            yield [each.get("intent")["name"] for each in messages]


def _spelling() -> list[Rows]:
    files = [csv.DictReader(Path(name).read_text("utf-8").splitlines()) for name in SPELLING]
    return [[(row["topic"], row["text"]) for row in rows] for rows in files]


def main() -> None:
    """Measure all and print a table."""
    sys.path.insert(0, str(LIBRARIES))
    rows = sentences(Path("nlu"))
    topics = np.array([topic for topic, _ in rows])
    here, there = next(iter(StratifiedKFold(5, shuffle=True, random_state=1).split(topics, topics)))
    train, apart = [rows[i] for i in here], [rows[i] for i in there]
    by_ours = ours(train)
    changed = np.array([by_ours(clean(text)) != clean(text).lower() for _, text in apart])
    print(f"| normaliser | fold ({len(apart)}) | macro-F1 | {changed.sum()} that ours changes | the others "
          "| typos_dev | typos_check | ms a message |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    for name, method in METHODS.items():
        print(f"Measuring {name}", file=sys.stderr, flush=True)
        mend = method(train)
        started = time.perf_counter()
        for _, text in apart[:500]:
            mend(clean(text))
        each = (time.perf_counter() - started) * 2
        found = read(mend, train, [apart])
        predicted, truth = np.array(next(found)), np.array([topic for topic, _ in apart])
        right = predicted == truth
        spelt = [
            np.mean([topic == t for (topic, _), t in zip(test, taken, strict=True)])
            for test, taken in zip(_spelling(), read(method(rows), rows, _spelling()), strict=True)
        ]
        cells = [right.mean(), f1_score(truth, predicted, average="macro"), right[changed].mean(),
                 right[~changed].mean(), *spelt]  # fmt: skip
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + f" | {each:.2f} |", flush=True)


if __name__ == "__main__":
    main()
