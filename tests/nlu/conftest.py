"""The recognizer as it is trained, and the training data as it is written."""

from pathlib import Path

import pytest
import yaml

from bot.nlu.dictionary import load_dictionary
from bot.nlu.recognizer import Recognizer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    return Recognizer(load_dictionary(ROOT / "data/dictionary/entities.yml", ROOT / "knowledge_base/products"))


@pytest.fixture(scope="session")
def examples() -> dict[str, list[str]]:
    """Intent → its lines, annotations as they are written."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ") for line in block["examples"].splitlines()]
            found.setdefault(block["intent"], []).extend(lines)
    return found
