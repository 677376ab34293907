"""Two components of the configurations that Desmi is measured against (benchmarks/pipelines.py); the product has neither.

Rasa's own parts give a sentence vector no scale and a logistic regression no `C`, so the first measurements of
such pipelines (decision 0003) were made with these.
"""

import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from encoder.model import DIM
from encoder.text import clean
from nlu.components.vectors import shared_vectors


class PlainVectors(DenseFeaturizer, GraphComponent):
    """The encoder's vector of the text as it was written, lower-case: `scale` times the vector, centred or not."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "center": True, "scale": 4.0}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._mean = np.zeros(DIM, np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlainVectors":
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check."""

    def train(self, training_data: TrainingData) -> None:
        """Learn the mean of the training sentences."""
        if self._config["center"]:
            self._mean = self._vectors(training_data.training_examples).mean(0)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message, row in zip(messages, self._vectors(messages), strict=True):
            scaled = ((row - self._mean) * self._config["scale"]).astype(np.float32)
            self.add_features_to_message(None, scaled[None], TEXT, message)
        return messages

    @staticmethod
    def _vectors(messages: list[Message]) -> np.ndarray:
        encoder = shared_vectors()
        if encoder is None:
            raise SystemExit("The sentence encoder is missing in this environment.")
        return encoder.embed([clean(message.get(TEXT)).lower() for message in messages])


class PlainHybrid(IntentClassifier, GraphComponent):
    """scikit-learn's logistic regression over the sentence vector, if there is one, and tf-idf of words and letters."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 10.0, "ngram_min": 2, "ngram_max": 5, "max_iter": 400}

    def __init__(self, config: dict[str, Any]) -> None:
        common = {"sublinear_tf": True, "lowercase": False}
        letters = (config["ngram_min"], config["ngram_max"])
        self._vectorizers = [
            TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", **common),
            TfidfVectorizer(analyzer="char_wb", ngram_range=letters, **common),
        ]
        self._model = LogisticRegression(
            C=config["C"], class_weight="balanced", max_iter=config["max_iter"], multi_class="multinomial"
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlainHybrid":
        return cls(config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check."""

    def train(self, training_data: TrainingData) -> None:
        """Learn from all examples with an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        for vectorizer in self._vectorizers:
            vectorizer.fit(_words(examples))
        self._model.fit(self._features(examples), [e.get(INTENT) for e in examples])

    def process(self, messages: list[Message]) -> list[Message]:
        for message, row in zip(messages, self._model.predict_proba(self._features(messages)), strict=True):
            ranking = [
                {"name": str(self._model.classes_[i]), "confidence": float(row[i])} for i in np.argsort(-row)
            ]
            message.set("intent", dict(ranking[0]), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _features(self, messages: list[Message]) -> csr_matrix:
        blocks = [vectorizer.transform(_words(messages)) for vectorizer in self._vectorizers]
        dense = [message.get_dense_features(TEXT)[1] for message in messages]
        if all(found is not None for found in dense):
            blocks.insert(0, csr_matrix(np.stack([found.features[0] for found in dense])))
        return hstack(blocks).tocsr()


def _words(messages: list[Message]) -> list[str]:
    return [" ".join(re.findall(r"\w+", message.get(TEXT).lower())) for message in messages]
