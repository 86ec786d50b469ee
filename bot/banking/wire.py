"""The shapes of the core-banking interface over HTTP (docs/core-banking.openapi.yaml), checked on both sides."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from bot.banking.models import CNY, AccountKind, CardStatus, Direction

Tail = Annotated[str, Field(pattern=r"^\d{4}$", description="The last four digits of the card")]
Fen = Annotated[int, Field(description="Hundredths of the currency")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217")]


class CardBody(BaseModel):
    """A card without any amount."""

    card_tail: Tail
    kind: AccountKind
    name: str
    status: CardStatus


class AccountBody(CardBody):
    """The account behind a card; what is owed on a credit card is a negative balance."""

    account_id: str
    balance_fen: Fen
    available_fen: Fen
    currency: Currency


class AccountsBody(BaseModel):
    """Debit before credit, in the order they were opened."""

    accounts: list[AccountBody]


class TransactionBody(BaseModel):
    """One booking; the amount is negative when money left the account."""

    transaction_id: str
    at: AwareDatetime
    card_tail: Tail
    amount_fen: Fen
    counterparty: str
    summary: str
    category: str
    balance_after_fen: Fen
    currency: Currency


class TransactionsQuery(BaseModel):
    """Which bookings; see `bot.banking.models.TransactionQuery`."""

    since: date
    until: date
    card_tail: Tail | None = None
    kind: AccountKind | None = None
    direction: Direction | None = None
    keyword: str | None = Field(None, max_length=64)
    least_fen: Fen | None = None
    most_fen: Fen | None = None
    currency: Currency = CNY
    limit: int = Field(10, ge=1, le=100)
    cursor: str | None = Field(None, max_length=200)


class TransactionsBody(BaseModel):
    """A page, newest first; `total` and the two sums count all that matches."""

    items: list[TransactionBody]
    total: int
    income_fen: Fen
    expense_fen: Fen
    currency: Currency
    next_cursor: str | None


class BillBody(BaseModel):
    """The latest statement of one credit card."""

    card_tail: Tail
    statement_fen: Fen
    minimum_fen: Fen
    paid_fen: Fen
    due_on: date
    statement_on: date
    limit_fen: Fen
    available_fen: Fen
    currency: Currency


class BillsBody(BaseModel):
    """One statement for each credit card that has one."""

    bills: list[BillBody]


class PointsBody(BaseModel):
    """Bonus points; `expiring` of them lapse after `expires_on`."""

    balance: int
    expiring: int
    expires_on: date | None


class ErrorBody(BaseModel):
    """`code` is read by programs: unknown_card, invalid_cursor, unauthorized, invalid_request."""

    code: str
    message: str
