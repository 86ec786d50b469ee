"""All that can be found: the written entries and those made from products, checked against each other."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.knowledge.entries import Entry, load_faq
from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.files import read_yaml
from bot.knowledge.product_questions import product_entries
from bot.knowledge.products import ProductCatalogue
from bot.knowledge.text import search_key


def load_knowledge(folder: Path, **variables: str) -> list[Entry]:
    """Every entry below `folder`; `variables` (brand, hotline) are filled into the answers.

    Raises InvalidKnowledgeError when a file is wrong, an id comes twice, two entries share a phrasing, or an
    answer uses an unknown variable.
    """
    products = ProductCatalogue.load(folder / "products").all()
    entries = [
        *load_faq(folder / "faq"),
        *product_entries(products, folder / "products" / "_questions.yml"),
    ]
    if not entries:
        raise InvalidKnowledgeError(folder, "holds no entries")
    _refuse_duplicates(folder, entries)
    return list(_filled(folder, entries, variables))


def load_outside(file: Path) -> list[str]:
    """Questions that no entry answers, for calibration. Raises InvalidKnowledgeError."""
    questions = read_yaml(file)
    if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
        raise InvalidKnowledgeError(file, "must be a list of questions")
    return questions


def _refuse_duplicates(folder: Path, entries: Iterable[Entry]) -> None:
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for entry in entries:
        if entry.id in ids:
            raise InvalidKnowledgeError(folder, f"entry {entry.id}: the id comes twice")
        ids.add(entry.id)
        for text in entry.texts:
            owner = owners.setdefault(search_key(text), entry.id)
            if owner != entry.id:
                raise InvalidKnowledgeError(folder, f"entry {entry.id}: field phrasings: “{text}” is also in {owner}")


def _filled(folder: Path, entries: Iterable[Entry], variables: dict[str, str]) -> Iterator[Entry]:
    for entry in entries:
        try:
            yield replace(entry, answer=entry.answer.format_map(variables))
        except (KeyError, ValueError, IndexError) as error:
            raise InvalidKnowledgeError(folder, f"entry {entry.id}: field answer: cannot fill in {error}") from error
