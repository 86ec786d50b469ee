"""The CRM behind a guard: no call takes longer than it may, and a CRM that is down is left alone."""

from bot.crm.models import Case, CaseDraft, CaseUpdate, CustomerProfile
from bot.crm.port import Crm
from bot.resilience import Guard


class GuardedCrm:
    """The `Crm` port around another one, for what is asked while somebody waits. The outbox uses the CRM itself."""

    def __init__(self, crm: Crm, guard: Guard) -> None:
        self._crm = crm
        self._guard = guard

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        """See `Crm.profile`."""
        return await self._guard(lambda: self._crm.profile(customer_id))

    async def find_by_phone(self, phone: str) -> str | None:
        """See `Crm.find_by_phone`."""
        return await self._guard(lambda: self._crm.find_by_phone(phone))

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        """See `Crm.write_interaction`."""
        await self._guard(
            lambda: self._crm.write_interaction(customer_id, conversation_id, summary, idempotency_key=idempotency_key)
        )

    async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
        """See `Crm.open_case`."""
        return await self._guard(lambda: self._crm.open_case(case, idempotency_key=idempotency_key))

    async def update_case(self, number: str, update: CaseUpdate, *, idempotency_key: str) -> None:
        """See `Crm.update_case`."""
        await self._guard(lambda: self._crm.update_case(number, update, idempotency_key=idempotency_key))

    async def case(self, number: str) -> Case | None:
        """See `Crm.case`."""
        return await self._guard(lambda: self._crm.case(number))

    async def cases_of(self, customer_id: str) -> list[Case]:
        """See `Crm.cases_of`."""
        return await self._guard(lambda: self._crm.cases_of(customer_id))

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        """See `Crm.add_note`."""
        await self._guard(lambda: self._crm.add_note(number, text, idempotency_key=idempotency_key))

    async def escalate_case(self, number: str, reason: str, *, idempotency_key: str) -> None:
        """See `Crm.escalate_case`."""
        await self._guard(lambda: self._crm.escalate_case(number, reason, idempotency_key=idempotency_key))

    async def check(self) -> list[str]:
        """See `Crm.check`. Not guarded: an administrator waits for it, and it asks much."""
        return await self._crm.check()
