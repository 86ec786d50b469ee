"""Entity extractor of the pipeline, see `bot.nlu.recognizer` for the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.dictionary import load_dictionary
from bot.nlu.recognizer import Dictionary, Recognizer

_FILE = "dictionary.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityRules(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # Rasa is not there for mypy
    """Adds the recognizer's entities. Stands after the intent classifier: what a complaint is about depends on it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Paths relative to where training runs; the words are kept in the model."""
        return {
            "dictionary": "data/dictionary/entities.yml",
            "products": "knowledge_base/products",
            "complaint_intents": ["file_complaint", "check_complaint", "express_anger"],
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        dictionary: Dictionary,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._dictionary = dictionary
        self._recognizer = Recognizer(dictionary)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - the signature is Rasa's
    ) -> EntityRules:
        dictionary = load_dictionary(Path(config["dictionary"]), Path(config["products"]))
        return cls(config, model_storage, resource, dictionary)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> EntityRules:
        with model_storage.read_from(resource) as folder:
            dictionary = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, dictionary)

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002 - nothing is learnt, words are kept
        with self._model_storage.write_to(self._resource) as folder:
            text = json.dumps(self._dictionary, ensure_ascii=False)
            (folder / _FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
            found = self._recognizer.find(
                message.get(TEXT) or "", complaining=intent in self._config["complaint_intents"]
            )
            entities = [
                {
                    "entity": entity.type,
                    "value": entity.value,
                    "start": entity.start,
                    "end": entity.end,
                    "confidence_entity": 1.0,
                }
                for entity in found
            ]
            entities = self.add_extractor_name(entities)
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
