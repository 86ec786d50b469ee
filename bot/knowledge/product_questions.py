"""What customers ask about any product, put together from its fields and the texts in `products/_questions.yml`."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.knowledge.entries import Entry
from bot.knowledge.errors import Faults
from bot.knowledge.files import Text, read_records
from bot.knowledge.products import Product, ProductKind
from bot.wording import money


class _QuestionRecord(BaseModel):
    """A question about every product of some kinds; its texts use the product's fields as `{variables}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    kinds: list[ProductKind] = Field(min_length=1)
    question: Text
    phrasings: list[Text] = Field(min_length=3)
    answer: Text


def product_entries(products: Iterable[Product], file: Path) -> list[Entry]:
    """Entries `product.<product>_<question>` for all products on sale. Raises InvalidKnowledgeError.

    A question whose answer needs a field that a product does not have (the least amount of a foreign-currency
    deposit) is left out for that product.
    """
    questions = read_records(file, _QuestionRecord)
    faults = Faults()
    for question in questions:
        for unknown in sorted(_variables(question.answer) - _VARIABLES):
            faults.add(file, f"entry {question.id}: field answer: no product has the variable {unknown}")
    faults.refuse_any()
    return [
        _entry(product, question)
        for product in products
        if product.on_sale
        for question in questions
        if product.kind in question.kinds and _variables(question.answer) <= _fields(product).keys()
    ]


_VARIABLES = {*Product.model_fields, "minimum", "brand", "hotline"}


def _variables(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _fields(product: Product) -> dict[str, str]:
    """What an answer may say of the product; brand and hotline are filled in later, with those of all answers."""
    fields = {key: str(value) for key, value in product.model_dump(exclude_none=True).items()}
    if product.minimum_fen is not None:
        fields["minimum"] = money(product.minimum_fen)
    return {**fields, "brand": "{brand}", "hotline": "{hotline}"}


def _entry(product: Product, question: _QuestionRecord) -> Entry:
    fields = _fields(product)
    return Entry(
        id=f"product.{product.id}_{question.id}",
        question=question.question.format_map(fields),
        phrasings=tuple(_phrasings(product, question)),
        answer=question.answer.format_map(fields),
        written=False,
    )


def _phrasings(product: Product, question: _QuestionRecord) -> Iterator[str]:
    """The standard question with every other name, and the further ways of asking with one name each, in turn.

    Every way with every name would triple the index and teach nothing more.
    """
    for name in product.names[1:]:
        yield question.question.format_map({"name": name})
    for template, name in zip(question.phrasings, cycle(product.names)):
        yield template.format_map({"name": name})
