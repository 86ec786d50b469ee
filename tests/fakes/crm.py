"""A CRM in memory, which a test may switch off."""

from datetime import datetime, timezone

from bot.crm.errors import CrmError, UnknownCaseError
from bot.crm.models import Case, CaseDraft, CustomerProfile


class FakeCrm:
    """Keeps the `Crm` contract; while `is_down`, every call raises CrmError."""

    def __init__(self, *customers: CustomerProfile) -> None:
        self.customers = {customer.customer_id: customer for customer in customers}
        self.cases: dict[str, Case] = {}
        self.interactions: dict[str, str] = {}
        self.is_down = False
        self._notes: set[str] = set()

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        self._answer()
        return self.customers.get(customer_id)

    async def find_by_phone(self, phone: str) -> str | None:
        self._answer()
        return next((c.customer_id for c in self.customers.values() if c.phone == phone), None)

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        self._answer()
        self.interactions.setdefault(idempotency_key, summary)

    async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
        self._answer()
        if idempotency_key not in self.cases:
            if await self.case(case.number) is not None:
                raise CrmError("the number is taken")
            opened_at = datetime(2026, 11, 23, tzinfo=timezone.utc)
            self.cases[idempotency_key] = Case(**vars(case), state="open", opened_at=opened_at)
        return self.cases[idempotency_key]

    async def case(self, number: str) -> Case | None:
        self._answer()
        return next((case for case in self.cases.values() if case.number == number), None)

    async def cases_of(self, customer_id: str) -> list[Case]:
        self._answer()
        return [case for case in reversed(self.cases.values()) if case.customer_id == customer_id]

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        self._answer()
        for key, case in self.cases.items():
            if case.number == number:
                if idempotency_key not in self._notes:
                    self._notes.add(idempotency_key)
                    self.cases[key] = Case(**{**vars(case), "notes": (*case.notes, text)})
                return
        raise UnknownCaseError(number)

    def _answer(self) -> None:
        if self.is_down:
            raise CrmError("down")
