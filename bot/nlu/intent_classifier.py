"""Linear intent classifier: scikit-learn fits it, plain numpy weights answer."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear import Floats, LinearModel, scaled

INTENT_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa is not there for mypy
    """Logistic regression over the sparse sentence features of the featurizers before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`c`: inverse strength of the L2 penalty; `ranking_length`: how many intents are reported.

        `balance`: 0 lets an intent weigh by its number of examples (`ask_faq` has most), 1 makes all weigh the same.
        """
        return {"c": 60.0, "max_iter": 150, "balance": 0.5, "ranking_length": 5}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - the signature is Rasa's
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

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
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        rows = [_features(example) for example in examples]
        ends = np.cumsum([0] + [len(indices) for indices, _ in rows])
        matrix = csr_matrix(
            (np.concatenate([v for _, v in rows]), np.concatenate([i for i, _ in rows]), ends),
            shape=(len(rows), _width(examples[0])),
        )
        intents = [example.get(INTENT) for example in examples]
        fitted = LogisticRegression(
            C=self._config["c"], max_iter=self._config["max_iter"], class_weight=self._weights(intents)
        ).fit(matrix, intents)
        self._model = LinearModel(
            tuple(fitted.classes_), fitted.coef_.astype(np.float32), fitted.intercept_.astype(np.float32)
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def _weights(self, intents: list[str]) -> dict[str, float]:
        counts = Counter(intents)
        mean = len(intents) / len(counts)
        return {intent: (mean / count) ** self._config["balance"] for intent, count in counts.items()}

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._model is not None
        for message in messages:
            if not message.get(TEXT):
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                message.set(INTENT_RANKING, [], add_to_output=True)
                continue
            probabilities = self._model.probabilities(*_features(message))
            best = np.argsort(-probabilities)[: self._config["ranking_length"]]
            ranking = [{"name": self._model.labels[i], "confidence": float(probabilities[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def _features(message: Message) -> tuple[npt.NDArray[np.int32], Floats]:
    """Column indices and values of a message's sentence features."""
    row = _sentence(message).tocoo()
    return row.col.astype(np.int32), scaled(row.data.astype(np.float32))


def _width(message: Message) -> int:
    return int(_sentence(message).shape[1])


def _sentence(message: Message) -> Any:
    _, sentence = message.get_sparse_features(attribute=TEXT)
    if sentence is None:
        raise ValueError("no sparse sentence features: put a count featurizer before the classifier")
    return sentence.features
