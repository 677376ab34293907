"""The components of a pipeline, trained and asked outside `rasa train`: for cross-validation and measurements."""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_BATCH = 256


def example(topic: str, text: str) -> Message:
    """A sentence as Rasa trains on it."""
    theme = topic.partition("/")[0]
    return Message({TEXT: text, INTENT: theme, "intent_response_key": topic})


def trained(pipeline: Sequence[Mapping[str, Any]], data: TrainingData, storage: ModelStorage) -> list[Any]:
    """The components in their order, trained where they can be.

    Args:
        pipeline: as in `config.yml`; `name` is the class with its module.
        data: examples; components add their features to them.
        storage: where trained components keep their files.
    """
    parts: list[Any] = []
    for number, item in enumerate(pipeline):
        module, _, name = item["name"].rpartition(".")
        kind = getattr(importlib.import_module(module), name)
        given = {key: value for key, value in item.items() if key != "name"}
        context = ExecutionContext(GraphSchema({}), node_name=f"{name}{number}")
        config = {**kind.get_default_config(), **given}
        part = kind.create(config, storage, Resource(f"{name}{number}"), context)
        if hasattr(part, "train"):
            part.train(data)
        if hasattr(part, "process_training_data"):
            data = part.process_training_data(data)
        parts.append(part)
    return parts


def read(parts: Sequence[Any], texts: Sequence[str]) -> Iterator[Message]:
    """The texts as messages, gone through the components."""
    for start in range(0, len(texts), _BATCH):
        messages = [Message({TEXT: text}) for text in texts[start : start + _BATCH]]
        for part in parts:
            messages = part.process(messages)
        yield from messages
