"""Unfolding: beside a message stand the other ways in which it may have to be read.

A short message with topics before it is read once more with the last topic's title; the clauses of a message that
seems to ask more than one thing, or tells a story, are read apart. The helpers follow their message in the list
and go through the same components; `in_context` weighs them and `questions` takes them away again.
"""

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.clauses import Clauses
from nlu.components.follow_ups import SHORT_WORDS, FollowUps

ROLE = "role"
"""Why a helper stands in the list; a message of a person has none."""
JOINED = "joined"
CLAUSE = "clause"


def told(message: Message) -> dict[str, Any]:
    """What was told of a message when it was handed in: `topics` before it (newest first), `danger`."""
    return message.get("metadata") or {}


def groups(messages: list[Message]) -> Iterator[tuple[Message, list[Message]]]:
    """Each message of a person with its helpers."""
    starts = [i for i, m in enumerate(messages) if m.get(ROLE) is None]
    for start, end in zip(starts, [*starts[1:], len(messages)], strict=True):
        yield messages[start], messages[start + 1 : end]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Unfold(GraphComponent):
    """Adds the helpers."""

    def __init__(self, follow_ups: FollowUps, clauses: Clauses) -> None:
        """With the project's words and tables."""
        self._follow_ups, self._clauses = follow_ups, clauses

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Unfold":
        """A component; it learns nothing."""
        return cls(FollowUps.read(), Clauses.read())

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages, each followed by its helpers."""
        unfolded: list[Message] = []
        for message in messages:
            unfolded.append(message)
            text = message.get(TEXT) or ""
            topics = self._follow_ups.known(told(message).get("topics") or ())
            if topics and len(text.split()) <= SHORT_WORDS:
                unfolded.append(Message({TEXT: self._follow_ups.joined(topics[0], text), ROLE: JOINED}))
            unfolded += [Message({TEXT: clause, ROLE: CLAUSE}) for clause in self._clauses.questions(text)]
        return unfolded
