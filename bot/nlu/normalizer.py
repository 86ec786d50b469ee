"""First component of the pipeline: every later one sees the normalised text."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_END, ENTITY_ATTRIBUTE_START, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.text import normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Normalizer(GraphComponent):  # type: ignore[misc]  # Rasa is not there for mypy
    """Replaces the text of a message by `bot.nlu.text.normalise` of it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - the signature is Rasa's
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> Normalizer:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(TEXT, normalise(text), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            _move_entities(message)
        self.process(training_data.training_examples)
        return training_data


def _move_entities(message: Message) -> None:
    """Keep annotations on the same words after the text has become shorter."""
    text = message.get(TEXT) or ""
    for entity in message.get(ENTITIES, []):
        start, end = entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END]
        entity[ENTITY_ATTRIBUTE_START] = len(normalise(text[:start]))
        entity[ENTITY_ATTRIBUTE_END] = len(normalise(text[:end]))
