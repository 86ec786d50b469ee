"""What customers ask about any product, put together from its fields and the texts in `products/_questions.yml`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.knowledge.entries import Entry
from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.files import Text, read_records
from bot.knowledge.products import Product, ProductKind
from bot.wording import yuan


class _QuestionRecord(BaseModel):
    """A question about every product of some kinds; its texts use the product's fields as `{variables}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    kinds: list[ProductKind] = Field(min_length=1)
    question: Text
    phrasings: list[Text] = Field(min_length=3)
    answer: Text


def product_entries(products: Iterable[Product], file: Path) -> list[Entry]:
    """Entries `product.<product>_<question>` for all products on sale. Raises InvalidKnowledgeError."""
    questions = list(read_records(file, _QuestionRecord))
    try:
        return [
            _entry(product, question)
            for product in products
            if product.on_sale
            for question in questions
            if product.kind in question.kinds
        ]
    except (KeyError, IndexError) as error:
        raise InvalidKnowledgeError(file, f"no product has the variable {error}") from error


def _entry(product: Product, question: _QuestionRecord) -> Entry:
    fields = {key: str(value) for key, value in product.model_dump(exclude_none=True).items()}
    if product.minimum_fen is not None:
        fields["minimum"] = yuan(product.minimum_fen)
    return Entry(
        id=f"product.{product.id}_{question.id}",
        question=question.question.format_map(fields),
        phrasings=tuple(_phrasings(product, question)),
        # Brand and hotline are filled later, with those of all other answers.
        answer=question.answer.format_map({**fields, "brand": "{brand}", "hotline": "{hotline}"}),
        written=False,
    )


def _phrasings(product: Product, question: _QuestionRecord) -> Iterator[str]:
    """Every way of asking with every name of the product, but for the standard question itself."""
    for template in (question.question, *question.phrasings):
        for name in product.names:
            if (template, name) != (question.question, product.name):
                yield template.format_map({"name": name})
