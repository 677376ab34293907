"""The topic classifier: multinomial logistic regression over the sentence vector and three tf-idf blocks.

The blocks are words, letters within words, and words without their vowels, all of the normalised text.
Classes are the full ids (`documents/passport`), so that one model serves themes and topics. Each tf-idf
block has length 1: Rasa's raw counts (length about 10) would drown the dense
vector.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.components.nearness import skeleton
from nlu.components.normaliser import normalised
from nlu.components.ranking import Ranker, sentence_vector, sentences, set_ranking
from nlu.components.softmax import SoftmaxRegression
from nlu.components.text import words

logger = logging.getLogger(__name__)

_SENTENCES_A_MIN_DF = 2000
"""For each so many sentences an n-gram must be in one more, up to `min_df`: docs/decisions/0003-understanding.md."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(Ranker):
    """Ranks all topics for a message. Stored as npz and json (no pickle)."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Works without dense features, too, but less well."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Numbers and how they were chosen: docs/decisions/0003-understanding.md.

        `C`: inverse regularisation; `balance`: 0 sentences alike to 1 topics alike; `ngram_*`: characters;
        `*_min_df`: sentences that a word or n-gram must be in, fewer where less than 14,000 are learnt from; `char_weight`: length of the n-gram block;
        `skeleton_weight`: length of the block of words without vowels; `temperature`: divides the scores; `ranking_length`: topics handed to the decision.
        """
        return {
            "C": 20.0,
            "balance": 1.0,
            "ngram_min": 2,
            "ngram_max": 5,
            "min_df": 8,
            "word_min_df": 2,
            "char_weight": 1.5,
            "skeleton_weight": 0.7,
            "temperature": 0.8,
            "max_iter": 40,
            "ranking_length": 12,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Untrained."""
        super().__init__(config, model_storage, resource)
        self._vectorizers: list[TfidfVectorizer] = []
        self._model: SoftmaxRegression | None = None
        self._labels: list[str] = []

    def _new_vectorizers(
        self, vocabularies: Any = (None, None, None), sentences: int = 0
    ) -> list[TfidfVectorizer]:
        """Untrained, to be fitted on so many sentences, or with what they learnt."""
        c = self._config
        common = {"sublinear_tf": True, "lowercase": False, "dtype": np.float32}
        # a topic of two sentences would otherwise have no word of its own
        most = 1 + sentences // _SENTENCES_A_MIN_DF
        by_word = {"token_pattern": r"(?u)\b\w+\b", "min_df": min(c["word_min_df"], most), **common}
        return [
            TfidfVectorizer(vocabulary=vocabularies[0], **by_word),
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(c["ngram_min"], c["ngram_max"]),
                min_df=min(c["min_df"], most),
                vocabulary=vocabularies[1],
                **common,
            ),
            TfidfVectorizer(vocabulary=vocabularies[2], **by_word),
        ]

    def _features(self, messages: list[Message]) -> tuple[np.ndarray, csr_matrix]:
        """The dense block, float32 (n, 384 or 0), and the sparse one, float32 (n, terms)."""
        weights = (1.0, self._config["char_weight"], self._config["skeleton_weight"])
        # a loaded vectorizer answers in float64, which would copy all of the model's weights for each message
        blocks = [
            v.transform(texts).astype(np.float32) * np.float32(weight)
            for v, texts, weight in zip(self._vectorizers, _texts(messages), weights, strict=True)
        ]
        sparse = hstack(blocks).tocsr()
        rows = [sentence_vector(message) for message in messages]
        width = next((len(row) for row in rows if row is not None), 0)
        if self._model is not None:
            # where the encoder is missing today, its part of the model sees zeros
            width = self._model.width - sparse.shape[1]
        dense = np.zeros((len(rows), width), np.float32)
        for number, row in enumerate(rows):
            if row is not None and len(row) == width:
                dense[number] = row
        return dense, sparse

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have a topic."""
        examples = sentences(training_data)
        targets = [e.get_full_intent() for e in examples]
        self._labels = sorted(set(targets))
        if len(self._labels) < 2:
            raise ValueError(
                "The topic classifier needs sentences of two topics or more; look into nlu/*.yml."
            )
        # a model of an earlier training must not decide today's width
        self._model = None
        self._vectorizers = [
            v.fit(texts)
            for v, texts in zip(self._new_vectorizers(sentences=len(examples)), _texts(examples), strict=True)
        ]
        dense, sparse = self._features(examples)
        index = {label: i for i, label in enumerate(self._labels)}
        print(
            f"Training the topic classifier: {len(examples)} sentences, {len(self._labels)} topics, "
            f"{dense.shape[1] + sparse.shape[1]} features",
            file=sys.stderr,
            flush=True,
        )
        self._model = SoftmaxRegression.fit(
            dense,
            sparse,
            np.array([index[t] for t in targets]),
            len(self._labels),
            c=self._config["C"],
            balance=self._config["balance"],
            max_iter=self._config["max_iter"],
        )
        self._store()
        return self._resource

    def _store(self) -> None:
        assert self._model is not None
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                Path(folder) / "model.npz",
                weights=self._model.weights.astype(np.float16),
                bias=self._model.bias,
                **{f"idf{number}": v.idf_ for number, v in enumerate(self._vectorizers)},
            )
            vocabularies = [sorted(v.vocabulary_, key=v.vocabulary_.get) for v in self._vectorizers]
            (Path(folder) / "model.json").write_text(
                json.dumps({"labels": self._labels, "vocabularies": vocabularies}, ensure_ascii=False),
                "utf-8",
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TopicClassifier":
        """Load what `train` stored."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            arrays = np.load(Path(folder) / "model.npz", allow_pickle=False)
            texts = json.loads((Path(folder) / "model.json").read_text("utf-8"))
            component._labels = texts["labels"]
            component._model = SoftmaxRegression(arrays["weights"].astype(np.float32), arrays["bias"])
            vocabularies = [{term: i for i, term in enumerate(terms)} for terms in texts["vocabularies"]]
            component._vectorizers = component._new_vectorizers(vocabularies)
            for number, vectorizer in enumerate(component._vectorizers):
                vectorizer.idf_ = arrays[f"idf{number}"]
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` (full ids) on each message with text."""
        todo = [m for m in messages if m.get(TEXT)]
        if self._model is None or not todo:
            return messages
        dense, sparse = self._features(todo)
        for message, row in zip(
            todo, self._model.probabilities(dense, sparse, self._config["temperature"]), strict=True
        ):
            order = np.argsort(-row)[: self._config["ranking_length"]]
            set_ranking(message, [(self._labels[i], float(row[i])) for i in order])
        return messages


def _texts(messages: list[Message]) -> tuple[list[str], list[str], list[str]]:
    """What each tf-idf block reads."""
    texts = [words(normalised(m)) for m in messages]
    return texts, texts, [" ".join(map(skeleton, text.split())) for text in texts]
