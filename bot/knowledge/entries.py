"""The questions the bank answers, as `knowledge_base/faq/<topic>.yml` holds them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.knowledge.files import Text, read_records


@dataclass(frozen=True)
class Entry:
    """A question with the ways customers ask it and the answer; `answer` is empty only in evaluation corpora."""

    id: str
    question: str
    phrasings: tuple[str, ...]
    answer: str
    valid_until: date | None = None
    """The last day of the bank's calendar on which the answer holds."""
    written: bool = True
    """By hand; those put together from a product's fields are not."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All ways of asking, the standard question first."""
        return (self.question, *self.phrasings)


class _FaqRecord(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_]+$")]
    question: Text
    phrasings: list[Text] = Field(min_length=5)
    answer: Text
    valid_until: date | None = None


def load_faq(folder: Path) -> list[Entry]:
    """All entries of the `*.yml` in `folder`, in the order of the files. Raises InvalidKnowledgeError."""
    return [
        Entry(record.id, record.question, tuple(record.phrasings), record.answer, record.valid_until)
        for file in sorted(folder.glob("*.yml"))
        for record in read_records(file, _FaqRecord)
    ]
