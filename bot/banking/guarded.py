"""The bank's core behind a guard: no call takes longer than it may, and a core that is down is left alone."""

from bot.banking.models import Account, Card, CreditCardBill, Points, TransactionPage, TransactionQuery
from bot.banking.port import CoreBanking
from bot.resilience import Guard


class GuardedCoreBanking:
    """The `CoreBanking` port around another one."""

    def __init__(self, core: CoreBanking, guard: Guard) -> None:
        self._core = core
        self._guard = guard

    async def accounts(self, customer_id: str) -> list[Account]:
        """See `CoreBanking.accounts`."""
        return await self._guard(lambda: self._core.accounts(customer_id))

    async def transactions(self, customer_id: str, query: TransactionQuery) -> TransactionPage:
        """See `CoreBanking.transactions`."""
        return await self._guard(lambda: self._core.transactions(customer_id, query))

    async def bills(self, customer_id: str) -> list[CreditCardBill]:
        """See `CoreBanking.bills`."""
        return await self._guard(lambda: self._core.bills(customer_id))

    async def points(self, customer_id: str) -> Points:
        """See `CoreBanking.points`."""
        return await self._guard(lambda: self._core.points(customer_id))

    async def block_card(self, customer_id: str, card_tail: str, *, idempotency_key: str) -> Card:
        """See `CoreBanking.block_card`."""
        return await self._guard(lambda: self._core.block_card(customer_id, card_tail, idempotency_key=idempotency_key))
