"""A change of the knowledge base on its way from one editor over a second to the customers."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.knowledge.entries import FaqRecord


class DraftState(str, Enum):
    """open → submitted → published, or back to open with a note; withdrawn by its author."""

    OPEN = "open"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Draft:
    """An entry as it shall read once a second person agrees; `record` None takes it out of the knowledge base."""

    draft_id: str
    entry_id: str
    record: FaqRecord | None
    based_on: int
    """The published version from which it was written; 0 is what ships in the files, or nothing."""
    state: DraftState
    author_id: str
    changed_at: datetime
    reviewer_id: str | None = None
    reviewed_at: datetime | None = None
    note: str | None = None
    """What the second person said."""


@dataclass(frozen=True)
class Version:
    """A published state of an entry; `record` None where it was retired."""

    entry_id: str
    version: int
    record: FaqRecord | None
    author_id: str
    approver_id: str
    published_at: datetime
