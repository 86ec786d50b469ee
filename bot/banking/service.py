"""The customer's own accounts: the assurance level is checked and the read audited before the core is asked."""

from dataclasses import replace

from bot.banking.errors import UnknownCardError
from bot.banking.models import (
    Account,
    AccountKind,
    Card,
    CreditCardBill,
    Points,
    TransactionPage,
    TransactionQuery,
)
from bot.banking.port import CoreBanking
from bot.clock import Clock
from bot.identity.policy import customer_of
from bot.identity.principal import Principal
from bot.privacy.audit import Audit


class BankingService:
    """Every method raises AssuranceRequiredError when the principal's level is too low for it, or the code too old."""

    def __init__(self, core: CoreBanking, audit: Audit, clock: Clock) -> None:
        self._core = core
        self._audit = audit
        self._clock = clock

    async def accounts(self, who: Principal) -> list[Account]:
        """Every account of the customer, debit before credit."""
        return await self._core.accounts(await self._allowed(who, "account.list"))

    async def balances(
        self, who: Principal, *, card_tail: str | None = None, kind: AccountKind | None = None
    ) -> list[Account]:
        """The accounts asked for, with their balances. Raises UnknownCardError for a tail the customer lacks."""
        customer_id = await self._allowed(who, "balance.read", card_tail=card_tail, kind=kind)
        accounts = await self._core.accounts(customer_id)
        if card_tail is not None:
            accounts = [_with_tail(accounts, card_tail)]
        return [account for account in accounts if kind is None or account.kind is kind]

    async def transactions(self, who: Principal, query: TransactionQuery) -> TransactionPage:
        """The bookings that match, of a card in its own currency. Raises UnknownCardError, InvalidCursorError."""
        customer_id = await self._allowed(
            who,
            "transactions.read",
            since=query.since.isoformat(),
            until=query.until.isoformat(),
            card_tail=query.card_tail,
        )
        if query.card_tail is not None:
            account = _with_tail(await self._core.accounts(customer_id), query.card_tail)
            query = replace(query, currency=account.currency)
        return await self._core.transactions(customer_id, query)

    async def credit_cards(self, who: Principal, *, card_tail: str | None = None) -> list[CreditCardBill]:
        """The latest bill of each credit card. Raises UnknownCardError for a tail the customer lacks."""
        customer_id = await self._allowed(who, "credit_card.read", card_tail=card_tail)
        if card_tail is not None:
            _with_tail(await self._core.accounts(customer_id), card_tail)
        bills = await self._core.bills(customer_id)
        return [bill for bill in bills if card_tail in (None, bill.card_tail)]

    async def points(self, who: Principal) -> Points:
        """The customer's bonus points."""
        return await self._core.points(await self._allowed(who, "points.read"))

    async def cards(self, who: Principal) -> list[Card]:
        """The customer's cards, without amounts."""
        accounts = await self._core.accounts(await self._allowed(who, "card.list"))
        return [Card(a.card_tail, a.kind, a.name, a.status) for a in accounts]

    async def block_card(self, who: Principal, card_tail: str, *, idempotency_key: str) -> Card:
        """Block the card at once; once more changes nothing. Raises UnknownCardError."""
        customer_id = await self._allowed(who, "card.block", card_tail=card_tail)
        return await self._core.block_card(customer_id, card_tail, idempotency_key=idempotency_key)

    async def _allowed(self, who: Principal, operation: str, **detail: str | None) -> str:
        """The customer whose data it is, once the level suffices and the audit log knows."""
        customer_id = customer_of(who, operation, self._clock())
        asked = {name: value for name, value in detail.items() if value is not None}
        await self._audit.record(who.actor, operation, customer_id, who.conversation_id, asked)
        return customer_id


def _with_tail(accounts: list[Account], card_tail: str) -> Account:
    for account in accounts:
        if account.card_tail == card_tail:
            return account
    raise UnknownCardError(card_tail)
