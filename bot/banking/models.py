"""What a customer has at the bank. Days are the bank's.

Money is an integer in the hundredth of its currency (fen for CNY), beside that currency's ISO 4217 code.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Literal

Direction = Literal["in", "out"]
CNY = "CNY"


class AccountKind(str, Enum):
    """The two kinds of card a retail customer holds."""

    DEBIT = "debit"
    CREDIT = "credit"


class CardStatus(str, Enum):
    """A blocked card is opened again by a person only, never by the assistant."""

    ACTIVE = "active"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Card:
    """A card without any amount: enough to name it and to block it."""

    card_tail: str
    kind: AccountKind
    name: str
    status: CardStatus


@dataclass(frozen=True)
class Account(Card):
    """The account behind a card.

    `balance_fen` is the customer's own money; on a credit card what is owed is negative. `available_fen` is what
    can be spent now, on a credit card the rest of its limit.
    """

    account_id: str
    balance_fen: int
    available_fen: int
    currency: str = CNY


@dataclass(frozen=True)
class Transaction:
    """One booking; `amount_fen` is negative when money left the account."""

    transaction_id: str
    at: datetime
    card_tail: str
    amount_fen: int
    counterparty: str
    summary: str
    category: str
    balance_after_fen: int
    currency: str = CNY


@dataclass(frozen=True)
class TransactionQuery:
    """Which bookings, all in one currency, so that their sums mean something.

    Both days are included; `keyword` is looked for in counterparty, summary and category; `least_fen` and `most_fen`
    bound the amount whatever its direction. `cursor` is the `next_cursor` of the page before.
    """

    since: date
    until: date
    card_tail: str | None = None
    kind: AccountKind | None = None
    direction: Direction | None = None
    keyword: str | None = None
    least_fen: int | None = None
    most_fen: int | None = None
    currency: str = CNY
    limit: int = 10
    cursor: str | None = None

    @property
    def covers_everything(self) -> bool:
        """Whether no card, kind or keyword narrows it down."""
        return self.card_tail is None and self.kind is None and self.keyword is None


@dataclass(frozen=True)
class TransactionPage:
    """Matches, newest first, and figures over all of them, not only this page's; both sums are positive.

    Money moved between the customer's own accounts (paying off the own credit card, say) is neither earned nor
    spent: it is left out of the sums of a query that covers everything, and counted in a narrower one.
    `next_cursor` asks for the page after this one; None when there is none.
    """

    items: tuple[Transaction, ...]
    total: int
    income_fen: int
    expense_fen: int
    currency: str = CNY
    next_cursor: str | None = None


@dataclass(frozen=True)
class CreditCardBill:
    """The latest statement of a credit card; `paid_fen` is what has been paid on it so far."""

    card_tail: str
    statement_fen: int
    minimum_fen: int
    paid_fen: int
    due_on: date
    statement_on: date
    limit_fen: int
    available_fen: int
    currency: str = CNY


@dataclass(frozen=True)
class Points:
    """Bonus points; `expiring` of them lapse after `expires_on`."""

    balance: int
    expiring: int
    expires_on: date | None
