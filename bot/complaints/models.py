"""A complaint, from what the customer says to what the bank owes an answer to."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class ComplaintState(str, Enum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ComplaintDraft:
    """What the customer told; texts are sealed, `phone` is a placeholder or None (the number on file will do)."""

    target: str | None
    what: str
    wish: str | None = None
    phone: str | None = None
    occurred_on: date | None = None
    amount_fen: int | None = None


@dataclass(frozen=True)
class Complaint:
    """A filed complaint; the bank answers by `due_on`."""

    number: str
    state: ComplaintState
    target: str | None
    what: str
    wish: str | None
    received_at: datetime
    due_on: date
