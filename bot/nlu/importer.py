"""Trains the intent `ask_faq` on the knowledge base too.

What an editor adds there is routed to the search without anybody repeating it under `data/nlu`. Where both have the
same words (锁卡, 存折丢了), the hand-written intent wins: what the customer wants done goes before what can be read.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.text import normalise

INTENT = "ask_faq"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # several times faster, where libyaml is there
OF_EACH = 5
"""So many ways of asking an entry are enough to tell a question from a task; all of them would double the training."""


class KnowledgeImporter(RasaFileImporter):  # type: ignore[misc]  # Rasa is not there for mypy
    """Everything that Rasa's own importer reads, and what customers ask the knowledge base in `folder`."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        folder: str = "knowledge_base",
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._folder = folder

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:  # noqa: ARG002 - the signature is Rasa's
        # Components write into the messages.
        return copy.deepcopy(_training_data(tuple(self._nlu_files), self._folder))


@lru_cache(maxsize=1)
def _training_data(files: tuple[str, ...], folder: str) -> TrainingData:
    """Read once: Rasa asks four times, through two importers, which took half of the training."""
    written = training_data_from_paths(list(files), "zh")
    known = {normalise(each.get(TEXT)) for each in written.intent_examples}
    texts = [text for text in _Knowledge(Path(folder)).texts() if normalise(text) not in known]
    return written.merge(TrainingData([Message.build(text=text, intent=INTENT) for text in texts]))


class _Knowledge:
    """Questions and phrasings of `folder`/faq, and those of `folder`/products with a product's name each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def texts(self) -> dict[str, None]:
        """Each once, in order."""
        return dict.fromkeys([*self._faq(), *self._about_products()])

    def _faq(self) -> Iterator[str]:
        for path in sorted((self._folder / "faq").glob("**/*.yml")):
            yield from _phrasings(path)

    def _about_products(self) -> Iterator[str]:
        names: dict[str, list[str]] = {}
        for path in sorted((self._folder / "products").glob("[!_]*.yml")):
            for product in _read(path):
                names.setdefault(product["kind"], []).append(product["name"])
        for path in sorted((self._folder / "products").glob("_*.yml")):
            for entry in _read(path):
                known = [name for kind in entry["kinds"] for name in names.get(kind, [])]
                for text, name in zip([entry["question"], *entry["phrasings"]], cycle(known)):
                    yield text.replace("{name}", name)


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader


def _phrasings(path: Path) -> Iterator[str]:
    for entry in _read(path):
        yield from [entry["question"], *entry.get("phrasings", ())][:OF_EACH]
