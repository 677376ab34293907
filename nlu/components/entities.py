"""The entity extractor: closed lists with room for typos; it learns nothing."""

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.entity_lists import EntityLists


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Entities(GraphComponent):
    """Sets `entities` on messages: `{entity, value, start, end, text}` each, in their order."""

    def __init__(self, lists: EntityLists) -> None:
        """With the lists to look in."""
        self._lists = lists

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Entities":
        """A component with the project's lists."""
        return cls(EntityLists.read())

    def process(self, messages: list[Message]) -> list[Message]:
        """Find the entities of each message as it was written."""
        for message in messages:
            found = [asdict(entity) for entity in self._lists.find(message.get(TEXT) or "")]
            message.set(ENTITIES, found, add_to_output=True)
        return messages
