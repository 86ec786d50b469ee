"""What the CRM knows of a customer and of the cases the bank works on."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Literal

Title = Literal["先生", "女士"]
RiskLevel = Literal["C1", "C2", "C3", "C4", "C5"]
Priority = Literal["normal", "urgent"]


class CaseState(str, Enum):
    """Where a case stands, in the words of the port; an adapter translates them into the CRM's own."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class CustomerProfile:
    """A customer as the bank's people know them.

    `risk_level` comes from the customer's own assessment and holds until `risk_valid_until` (included);
    without a valid one nothing may be recommended (金融机构产品适当性管理办法).
    """

    customer_id: str
    name: str
    title: Title
    phone: str
    segment: str
    risk_level: RiskLevel | None
    risk_valid_until: date | None
    manager: str | None
    products: str | None = None
    """What the customer has with the bank, in words (借记卡、信用卡); none: the CRM does not say."""

    def valid_risk_level(self, today: date) -> RiskLevel | None:
        """The risk level if its assessment still holds on `today`."""
        valid = self.risk_valid_until is not None and today <= self.risk_valid_until
        return self.risk_level if valid else None


@dataclass(frozen=True)
class CaseDraft:
    """A case to be opened under a number that is ours; `contact_phone` is in clear, for the bank's people."""

    number: str
    customer_id: str | None
    conversation_id: str
    subject: str
    description: str
    contact_phone: str | None
    due_on: date
    category: str = ""
    subcategory: str = ""
    channel: str = "web"
    priority: Priority = "normal"


@dataclass(frozen=True)
class CaseUpdate:
    """What changes of a case; None leaves it as it is."""

    state: CaseState | None = None
    due_on: date | None = None
    owner: str | None = None
    """Name of the colleague who works on it."""
    resolution: str | None = None
    """What the bank answered."""
    category: str | None = None
    subcategory: str | None = None


@dataclass(frozen=True, kw_only=True)
class Case(CaseDraft):
    """An opened case with the notes added since, oldest first."""

    state: CaseState
    opened_at: datetime
    notes: tuple[str, ...] = ()
    owner: str | None = None
    resolution: str | None = None
    escalated: bool = False
