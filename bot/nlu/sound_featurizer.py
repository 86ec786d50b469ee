"""Counts of syllable n-grams beside those of characters, so that homophones are understood."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.pinyin import sounds


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SoundFeaturizer(CountVectorsFeaturizer):  # type: ignore[misc]  # Rasa is not there for mypy
    """A CountVectorsFeaturizer whose words are the syllables of the text: features of the sentence, of no token."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "pypinyin"]

    def _get_message_tokens_by_attribute(self, message: Message, attribute: str) -> list[str]:
        if attribute != TEXT:
            return list(super()._get_message_tokens_by_attribute(message, attribute))
        return sounds(message.get(TEXT) or "")

    def _create_features(self, attribute: str, all_tokens: list[list[str]]) -> tuple[list[Any], list[Any]]:
        _, sentences = super()._create_features(attribute, all_tokens)
        return [None] * len(sentences), sentences
