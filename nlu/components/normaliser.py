"""The normaliser: learns how people spell from the training data and sets the mended text on each message.

The text itself stays as it was written; the encoder and the classifier read `NORMALISED`.
"""

import csv
import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from encoder.text import clean
from nlu.components.lexicon import Lexicon
from nlu.components.spelling import Speller, Vocabulary

NORMALISED = "normalised"
"""The message attribute with the cleaned, lower-case text whose words are mended."""


def normalised(message: Message) -> str:
    """What a component should read: the mended text, or the cleaned one where no normaliser ran."""
    return message.get(NORMALISED) or clean(message.get(TEXT)).lower()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Normaliser(GraphComponent):
    """Sets `NORMALISED` on messages with text. Stored as json."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`places`: csv files with a column `name`, whose names are never mended."""
        return {"places": ["content/geography/regencies.csv", "content/geography/provinces.csv"]}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Without a vocabulary yet."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage, self._resource = model_storage, resource
        self._speller: Speller | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Normaliser":
        """A new, untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary from people's sentences and from the written answers."""
        sentences = [m.get(TEXT) for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        answers = [
            variation["text"]
            for variations in training_data.responses.values()
            for variation in variations
            if variation.get("text")
        ]
        names = names_of_places(self._config["places"])
        vocabulary = Vocabulary.learn(map(clean, sentences), answers)
        stored = {"counts": vocabulary.counts, "clean": sorted(vocabulary.clean), "names": sorted(set(names))}
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / "vocabulary.json").write_text(json.dumps(stored, ensure_ascii=False), "utf-8")
        self._speller = Speller(Lexicon.read(), vocabulary, names)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Normaliser":
        """Load the vocabulary; the lexicon is read from the project's files."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            stored = json.loads((Path(folder) / "vocabulary.json").read_text("utf-8"))
        vocabulary = Vocabulary(stored["counts"], frozenset(stored["clean"]))
        component._speller = Speller(Lexicon.read(), vocabulary, stored["names"])
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mend the training examples, so that what is learnt is spelt as what will be asked."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the mended text."""
        if self._speller is not None:
            for message in messages:
                if message.get(TEXT):
                    message.set(NORMALISED, self._speller.normalise(clean(message.get(TEXT))))
        return messages


def names_of_places(files: list[str]) -> list[str]:
    """The column `name` of csv files."""
    names: list[str] = []
    for file in files:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            names += [row["name"] for row in csv.DictReader(lines)]
    return names
