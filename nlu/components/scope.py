"""The out-of-scope decision's own signal: is the sentence nearer to what must be declined or to what is answered?

The classifier's confidence in out of scope and this nearness together give its probability anew. How much each counts
was fitted on cross-validated training text: docs/decisions/0003-understanding.md.
"""

from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from encoder.sides import Sides
from nlu.components.ranking import Ranker, sentence_vector, sentences, set_ranking
from nlu.components.topics import OUT_OF_SCOPE


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Scope(Ranker):
    """Sets the confidence of out of scope in the ranking; the other topics share the rest as before."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`neighbours`: nearest sentences of each side that count.

        `confidence`, `nearness`, `bias`: log-odds a unit of the classifier's log-odds, a unit of cosine by which the
        declined are nearer, and at zero; `confidence_alone`, `bias_alone`: the same where there is no sentence vector.
        """
        return {
            "neighbours": 5,
            "confidence": 0.536,
            "nearness": 16.93,
            "bias": 1.28,
            "confidence_alone": 0.748,
            "bias_alone": 0.164,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Untrained: as if there were no vectors."""
        super().__init__(config, model_storage, resource)
        self._sides: Sides | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the directions of all sentences, those to decline apart."""
        rows = [(e.get_full_intent() == OUT_OF_SCOPE, sentence_vector(e)) for e in sentences(training_data)]
        declined = [row for out, row in rows if out and row is not None]
        answered = [row for out, row in rows if not out and row is not None]
        if min(len(declined), len(answered)) >= self._config["neighbours"]:
            self._sides = Sides(np.stack(declined), np.stack(answered), self._config["neighbours"])
            packed = self._sides.packed()
            with self._model_storage.write_to(self._resource) as folder:
                np.savez_compressed(Path(folder) / "sentences.npz", declined=packed[0], answered=packed[1])
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Scope":
        """Load the sentences' directions."""
        component = cls(config, model_storage, resource)
        try:
            with (
                model_storage.read_from(resource) as folder,
                np.load(Path(folder) / "sentences.npz", allow_pickle=False) as file,
            ):
                component._sides = Sides(file["declined"], file["answered"], component._config["neighbours"])
        except ValueError:  # trained without the encoder: there is no such resource
            component._sides = None
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Weigh each message's ranking anew."""
        for message in messages:
            ranking = message.get("intent_ranking")
            if not ranking:
                continue
            confidences = {entry["name"]: entry["confidence"] for entry in ranking}
            before, nearness = self.evidence(message)
            now = self._probability(before, nearness)
            share = (1 - now) / (1 - before)
            weighed = {name: p * share for name, p in confidences.items()}
            weighed[OUT_OF_SCOPE] = now
            set_ranking(message, sorted(weighed.items(), key=lambda item: -item[1]))
        return messages

    def evidence(self, message: Message) -> tuple[float, float | None]:
        """The classifier's confidence in out of scope, and by how much cosine the declined sentences are nearer."""
        ranking = {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking") or []}
        vector = sentence_vector(message)
        nearness = None if vector is None or self._sides is None else self._sides.nearness(vector)
        return min(max(ranking.get(OUT_OF_SCOPE, 0.0), 1e-6), 1 - 1e-6), nearness

    def _probability(self, before: float, nearness: float | None) -> float:
        c, odds = self._config, log(before / (1 - before))
        if nearness is None:
            score = c["confidence_alone"] * odds + c["bias_alone"]
        else:
            score = c["confidence"] * odds + c["nearness"] * nearness + c["bias"]
        return 1 / (1 + exp(-score))
