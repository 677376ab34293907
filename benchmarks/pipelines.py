"""The pipelines that Desmi's is measured against, as data, and Desmi's own from `config.yml`.

The letters are those of the first comparison (docs/decisions/0003-understanding.md). Only what finds the intent is
in them: entities, synonyms, responses and the fallback change nothing about it. `trained` and `read` of
`training.pipeline` take a configuration's `pipeline` as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CONFIG = Path(__file__).parents[1] / "config.yml"
OURS = "Desmi"
FEATURES_OF_OURS = ("Normaliser", "SentenceEncoder", "TopicClassifier")
"""What of our pipeline has a meaning for other people's sets: the rest knows our topics, answers and dangers."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One pipeline: a short name, what it is, its components as in `config.yml` (`name` with the module)."""

    name: str
    what: str
    pipeline: Sequence[Mapping[str, Any]]

    def with_seed(self, seed: int) -> Sequence[Mapping[str, Any]]:
        """The components; those that begin at random (DIET) begin at this seed."""
        return [
            {**part, "random_seed": seed} if part["name"].endswith("DIETClassifier") else part
            for part in self.pipeline
        ]


_RASA = "rasa.nlu."
_TOKENS = {"name": f"{_RASA}tokenizers.whitespace_tokenizer.WhitespaceTokenizer"}
_REGEX = {"name": f"{_RASA}featurizers.sparse_featurizer.regex_featurizer.RegexFeaturizer"}
_LEXICAL = {
    "name": f"{_RASA}featurizers.sparse_featurizer.lexical_syntactic_featurizer.LexicalSyntacticFeaturizer"
}
_WORDS = {"name": f"{_RASA}featurizers.sparse_featurizer.count_vectors_featurizer.CountVectorsFeaturizer"}
_LETTERS = {**_WORDS, "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
_REGRESSION = {"name": f"{_RASA}classifiers.logistic_regression_classifier.LogisticRegressionClassifier"}
_SVC = {"name": f"{_RASA}classifiers.sklearn_intent_classifier.SklearnIntentClassifier"}
_DIET = {
    "name": f"{_RASA}classifiers.diet_classifier.DIETClassifier",
    "epochs": 100,
    "constrain_similarities": True,
}
_HYBRID = {"name": "benchmarks.reference.PlainHybrid", "C": 10.0}


def _vectors(scale: float, center: bool = True) -> Mapping[str, Any]:
    return {"name": "benchmarks.reference.PlainVectors", "scale": scale, "center": center}


TABLE: tuple[Configuration, ...] = (
    Configuration(
        "a", "`rasa init`'s default, DIET 100 epochs", (_TOKENS, _REGEX, _LEXICAL, _WORDS, _LETTERS, _DIET)
    ),
    Configuration("b", "counts + logistic regression", (_TOKENS, _WORDS, _LETTERS, _REGRESSION)),
    Configuration("c_raw", "e5 + logistic regression", (_TOKENS, _vectors(1.0, center=False), _REGRESSION)),
    Configuration("c8", "e5 centred x 8 + logistic regression", (_TOKENS, _vectors(8.0), _REGRESSION)),
    Configuration(
        "d",
        "e5 centred x 8, letter counts + logistic regression",
        (_TOKENS, _vectors(8.0), _LETTERS, _REGRESSION),
    ),
    Configuration(
        "e",
        "e5 centred x 4, the default's features + DIET 100 epochs",
        (_TOKENS, _vectors(4.0), _REGEX, _LEXICAL, _WORDS, _LETTERS, _DIET),
    ),
    Configuration("f_svc", "e5 centred x 4 + SVC (C by grid)", (_TOKENS, _vectors(4.0), _SVC)),
    Configuration("g_noe5", "tf-idf of words and letters, logistic regression C 10", (_HYBRID,)),
    Configuration(
        "g", "e5 centred x 4, tf-idf of words and letters, logistic regression C 10", (_vectors(4.0), _HYBRID)
    ),
)


def ours(config: Path = CONFIG) -> Configuration:
    """Our components as `config.yml` sets them, as far as they are meant for any text."""
    parts = yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    kept = [part for part in parts if part["name"].rpartition(".")[2] in FEATURES_OF_OURS]
    return Configuration(OURS, ", ".join(FEATURES_OF_OURS), kept)
