"""The questions the bank answers, as `knowledge_base/faq/<topic>.yml` holds them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.knowledge.files import Text, read_all_records


@dataclass(frozen=True)
class Entry:
    """A question with the ways customers ask it and the answer; `answer` is empty only in evaluation corpora."""

    id: str
    question: str
    phrasings: tuple[str, ...]
    answer: str
    valid_from: date | None = None
    valid_until: date | None = None
    """First and last day of the bank's calendar on which the answer holds."""
    written: bool = True
    """By hand; those put together from a product's fields are not."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All ways of asking, the standard question first."""
        return (self.question, *self.phrasings)

    def holds_on(self, day: date) -> bool:
        """Whether the answer may be given on this day of the bank's calendar."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class FaqRecord(BaseModel):
    """One entry as it is written: in a file, or in an editor's draft."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_]+$")]
    question: Text
    phrasings: list[Text] = Field(min_length=5)
    answer: Text
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self

    def entry(self) -> Entry:
        return Entry(
            self.id,
            self.question,
            tuple(self.phrasings),
            self.answer,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


def load_faq(folder: Path) -> list[FaqRecord]:
    """All records of the `*.yml` in `folder`, in the order of the files. Raises InvalidKnowledgeError."""
    return [record for _, record in read_all_records(sorted(folder.glob("*.yml")), FaqRecord)]
