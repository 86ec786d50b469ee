"""Linear intent classifier: scikit-learn fits it, plain numpy weights answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.features import VIEWS
from bot.nlu.fitting import fit
from bot.nlu.judge import NOT_UNDERSTOOD, Judge
from bot.nlu.linear import LinearModel
from bot.nlu.pinyin import is_english
from bot.nlu.wording import Wording, load_wording

INTENT_RANKING = "intent_ranking"
_WORDS = "wording.json"
SPEAK_ENGLISH = "speak_english"
"""What an English sentence means that is not understood otherwise: whatever it says, it is answered in English."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa is not there for mypy
    """A linear support vector machine over what `bot.nlu.features` sees in a text, one model for each of its views."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "pypinyin"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`c` and `balance` as in `bot.nlu.fitting.fit`; `ranking_length`: how many intents are reported.

        `wording`: the table of `bot.nlu.wording`, relative to where training runs; it is kept in the model.
        Intents that are `guarded` or `urgent`: see `bot.nlu.judge.Judge`, which has the figures too.
        """
        return {
            "c": 4.0,
            "balance": 0.75,
            "ranking_length": 5,
            "guarded": [],
            "urgent": [],
            "wording": "data/dictionary/wording.yml",
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        words: dict[str, str],
        models: dict[str, LinearModel] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._words = words
        self._wording = Wording(words)
        self._judge = Judge(models or {}, guarded=config["guarded"], urgent=config["urgent"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - the signature is Rasa's
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource, load_wording(Path(config["wording"])))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
            return cls(
                config, model_storage, resource, words, {view: LinearModel.load(folder / view) for view in VIEWS}
            )

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts = [self._wording.read(example.get(TEXT)) for example in examples]
        intents = [example.get(INTENT) for example in examples]
        models = {
            name: fit(
                [list(view(text)) for text in texts], intents, c=self._config["c"], balance=self._config["balance"]
            )
            for name, view in VIEWS.items()
        }
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _WORDS).write_text(json.dumps(self._words, ensure_ascii=False), encoding="utf-8")
            for name, model in models.items():
                model.save(folder / name)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set(INTENT_RANKING, ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        """The likeliest intents, best first; none for no text."""
        if not text:
            return []
        ranked = self._judge.ranking(self._wording.read(text))
        if ranked[0][0] == NOT_UNDERSTOOD and is_english(text):
            ranked = [(SPEAK_ENGLISH, ranked[0][1]), *(each for each in ranked[1:] if each[0] != SPEAK_ENGLISH)]
        return [
            {"name": intent, "confidence": confidence}
            for intent, confidence in ranked[: self._config["ranking_length"]]
        ]
