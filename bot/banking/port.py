"""What the assistant needs of a core-banking system."""

from typing import Protocol

from bot.banking.models import Account, Card, CreditCardBill, Points, TransactionPage, TransactionQuery


class CoreBanking(Protocol):
    """Reads and the one write, for one customer at a time. Levels and audit are BankingService's business.

    A customer the core does not know has no accounts, no bills and no points; nothing raises for that.
    Every method raises CoreBankingUnavailableError when the core does not answer. There is no way to open a blocked
    card again: that takes a person and the customer's documents.
    """

    async def accounts(self, customer_id: str) -> list[Account]:
        """Every account of the customer, debit before credit, in the order they were opened."""
        ...

    async def transactions(self, customer_id: str, query: TransactionQuery) -> TransactionPage:
        """A page of the customer's bookings that match, newest first. Raises InvalidCursorError."""
        ...

    async def bills(self, customer_id: str) -> list[CreditCardBill]:
        """The latest statement of each credit card that has one, in the order of `accounts`."""
        ...

    async def points(self, customer_id: str) -> Points:
        """The customer's bonus points."""
        ...

    async def block_card(self, customer_id: str, card_tail: str, *, idempotency_key: str) -> Card:
        """Block the card at once. Raises UnknownCardError; blocking a blocked card changes nothing."""
        ...
