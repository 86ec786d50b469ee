"""Trains the intent `ask_faq` on the knowledge base too.

What an editor adds there is routed to the search without anybody repeating it under `data/nlu`. Where both have the
same words (锁卡, 存折丢了), the hand-written intent wins: what the customer wants done goes before what can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.text import normalise

INTENT = "ask_faq"


class KnowledgeImporter(TrainingDataImporter):  # type: ignore[misc]  # Rasa is not there for mypy
    """Questions and phrasings of `folder`/faq, and those of `folder`/products with a product's name each."""

    def __init__(
        self,
        config_file: str | None = None,  # noqa: ARG002 - the signature is Rasa's
        domain_path: str | None = None,  # noqa: ARG002
        training_data_paths: list[str] | str | None = None,
        folder: str = "knowledge_base",
    ) -> None:
        self._written = RasaFileImporter(training_data_paths=training_data_paths)
        self._folder = Path(folder)

    def get_domain(self) -> Domain:
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:  # noqa: ARG002
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:  # noqa: ARG002
        written = {normalise(each.get(TEXT)) for each in self._written.get_nlu_data().intent_examples}
        texts = dict.fromkeys([*self._faq(), *self._about_products()])  # each once, in order
        return TrainingData(
            [Message.build(text=text, intent=INTENT) for text in texts if normalise(text) not in written]
        )

    def _faq(self) -> Iterator[str]:
        for path in sorted((self._folder / "faq").glob("**/*.yml")):
            yield from _phrasings(path)

    def _about_products(self) -> Iterator[str]:
        names: dict[str, list[str]] = {}
        for path in sorted((self._folder / "products").glob("[!_]*.yml")):
            for product in yaml.safe_load(path.read_text(encoding="utf-8")):
                names.setdefault(product["kind"], []).append(product["name"])
        for path in sorted((self._folder / "products").glob("_*.yml")):
            for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
                known = [name for kind in entry["kinds"] for name in names.get(kind, [])]
                for text, name in zip([entry["question"], *entry["phrasings"]], cycle(known)):
                    yield text.replace("{name}", name)


def _phrasings(path: Path) -> Iterator[str]:
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        yield from [entry["question"], *entry.get("phrasings", ())]
