"""A complaint, from what the customer says to what the bank owes an answer to."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any


class ComplaintState(str, Enum):
    """Where a complaint stands; the moves are in `states.py`."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


class Complexity(str, Enum):
    """What decides how long the bank has; by the facts, see `deadlines.py`."""

    SIMPLE = "simple"
    COMPLEX = "complex"


class Concern(str, Enum):
    """Why a complaint is urgent: by words (`grave_words.yml`)."""

    FRAUD = "fraud"
    PERSONAL_SAFETY = "personal_safety"
    MEDIA = "media"
    REGULATOR = "regulator"
    VULNERABLE = "vulnerable"
    """The customer is old, ill, disabled, a minor or in need."""


class Outcome(str, Enum):
    """What the bank found."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class TargetKind(str, Enum):
    """What sort of thing the complaint is about."""

    BRANCH = "branch"
    STAFF = "staff"
    APP = "app"
    PRODUCT = "product"
    OTHER = "other"


@dataclass(frozen=True)
class ComplaintDraft:
    """What the customer told; texts are sealed, `phone` is a placeholder or None (the number on file will do)."""

    target: str | None
    what: str
    wish: str | None = None
    phone: str | None = None
    occurred_on: date | None = None
    amount_fen: int | None = None
    currency: str = "CNY"


@dataclass(frozen=True)
class Complaint:
    """A filed complaint; the bank answers by `due_on`. Texts are sealed."""

    number: str
    state: ComplaintState
    target: str | None
    what: str
    wish: str | None
    received_at: datetime
    due_on: date
    """The last day for the answer, an extension included."""
    clock_stopped_on: date | None
    """The day it was answered or withdrawn; None while the clock runs."""
    conversation_id: str
    """Where it was filed; its news are told there."""
    customer_id: str | None
    channel: str
    category: str
    subcategory: str | None
    target_kind: TargetKind
    branch: str | None
    complexity: Complexity
    concerns: tuple[Concern, ...]
    occurred_on: date | None
    amount_fen: int | None
    currency: str
    phone: str | None
    """The placeholder of the number to call, None for the one on file."""
    clock_started_on: date
    """The day it was received, or reopened last."""
    round: int
    """1, and one more each time it is reopened."""
    extended: bool
    """Whether the present clock has been extended."""
    late_rounds: int
    """Rounds before the present one that were answered too late: a new clock heals nothing."""
    handler_id: str | None
    handler_name: str | None
    outcome: Outcome | None
    answer: str | None
    answered_at: datetime | None
    ended_at: datetime | None
    """When it was closed or withdrawn."""

    @property
    def is_urgent(self) -> bool:
        return bool(self.concerns)


@dataclass(frozen=True)
class Actor:
    """Who did something: a customer, or an agent with a name."""

    kind: str
    actor_id: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to a complaint; written once, never changed."""

    seq: int
    at: datetime
    actor: Actor
    event: str
    state: ComplaintState
    """The state it led to."""
    text: str | None = None
    """What was said or decided, for the bank's people; sealed."""
    told: str | None = None
    """What the customer was told about it."""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Extension:
    """A wish for more time and what a supervisor decided."""

    requested_by: Actor
    requested_at: datetime
    reason: str
    until: date
    """The day the answer is due with it."""
    state: str
    """`pending`, `approved`, `refused`, or `lapsed` when the complaint was answered or withdrawn before."""
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    note: str | None = None
    notified_at: datetime | None = None
