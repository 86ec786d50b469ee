"""All that can be found: the written entries and those made from products, checked against each other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.knowledge.courtesy import essence
from bot.knowledge.entries import Entry, FaqRecord, load_faq
from bot.knowledge.errors import Faults, InvalidKnowledgeError
from bot.knowledge.files import read_yaml
from bot.knowledge.product_questions import product_entries
from bot.knowledge.products import ProductCatalogue


def load_knowledge(
    folder: Path, *, edited: Callable[[list[FaqRecord]], list[FaqRecord]] = list, **variables: str
) -> list[Entry]:
    """Every entry below `folder`; `variables` (brand, hotline) are filled into the answers.

    `edited` makes of the written records what shall hold instead (what editors have published). Raises
    InvalidKnowledgeError when a file is wrong, an id comes twice, two entries share a phrasing, or an answer uses
    an unknown variable.
    """
    faults = Faults()
    entries: list[Entry] = []
    with faults.gathered():
        entries += [record.entry() for record in edited(load_faq(folder / "faq"))]
    with faults.gathered():
        products = ProductCatalogue.load(folder / "products").all()
        entries += product_entries(products, folder / "products" / "_questions.yml")
    with faults.gathered():
        _refuse_duplicates(folder, entries)
    faults.refuse_any()
    if not entries:
        raise InvalidKnowledgeError(folder, "holds no entries")
    return list(_filled(folder, entries, variables))


def load_outside(file: Path) -> list[str]:
    """Questions that no entry answers, for calibration. Raises InvalidKnowledgeError."""
    questions = read_yaml(file)
    if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
        raise InvalidKnowledgeError(file, "must be a list of questions")
    return questions


def _refuse_duplicates(folder: Path, entries: Iterable[Entry]) -> None:
    faults = Faults()
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for entry in entries:
        if entry.id in ids:
            faults.add(folder, f"entry {entry.id}: the id comes twice")
        ids.add(entry.id)
        for text in entry.texts:
            owner = owners.setdefault(essence(text), entry.id)
            if owner != entry.id:
                faults.add(folder, f"entry {entry.id}: field phrasings: “{text}” is also in {owner}")
    faults.refuse_any()


def _filled(folder: Path, entries: Iterable[Entry], variables: dict[str, str]) -> Iterator[Entry]:
    faults = Faults()
    for entry in entries:
        try:
            yield replace(entry, answer=entry.answer.format_map(variables))
        except (KeyError, ValueError, IndexError) as error:
            faults.add(folder, f"entry {entry.id}: field answer: cannot fill in {error}")
    faults.refuse_any()
