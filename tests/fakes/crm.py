"""A CRM in memory, which a test may switch off or make refuse."""

from dataclasses import asdict, replace
from datetime import datetime, timezone
from typing import Any

from bot.crm.errors import CrmError, CrmRejectedError, CrmUnavailableError, UnknownCaseError
from bot.crm.models import Case, CaseDraft, CaseState, CaseUpdate, CustomerProfile


class FakeCrm:
    """Keeps the `Crm` contract; while `is_down`, calls raise CrmUnavailableError, while `refuses`, CrmRejectedError."""

    def __init__(self, *customers: CustomerProfile) -> None:
        self.customers = {customer.customer_id: customer for customer in customers}
        self.cases: dict[str, Case] = {}
        """By idempotency key."""
        self.interactions: dict[str, str] = {}
        self.is_down = False
        self.refuses = False
        self.failures: list[CrmError] = []
        """What the next calls raise, one each."""
        self._written: set[str] = set()

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
                raise CrmRejectedError("the number is taken")
            opened_at = datetime(2026, 11, 23, tzinfo=timezone.utc)
            self.cases[idempotency_key] = Case(**vars(case), state=CaseState.OPEN, opened_at=opened_at)
        return self.cases[idempotency_key]

    async def update_case(self, number: str, update: CaseUpdate, *, idempotency_key: str) -> None:
        changes = {name: value for name, value in asdict(update).items() if value is not None}
        self._write(number, idempotency_key, **changes)

    async def case(self, number: str) -> Case | None:
        self._answer()
        return next((case for case in self.cases.values() if case.number == number), None)

    async def cases_of(self, customer_id: str) -> list[Case]:
        self._answer()
        return [case for case in reversed(self.cases.values()) if case.customer_id == customer_id]

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        self._write(number, idempotency_key, note=text)

    async def escalate_case(self, number: str, reason: str, *, idempotency_key: str) -> None:
        self._write(number, idempotency_key, note=reason, escalated=True)

    async def check(self) -> list[str]:
        self._answer()
        return []

    def _write(self, number: str, idempotency_key: str, *, note: str | None = None, **changes: Any) -> None:
        self._answer()
        opened_by = next((key for key, case in self.cases.items() if case.number == number), None)
        if opened_by is None:
            raise UnknownCaseError(number)
        if idempotency_key not in self._written:
            self._written.add(idempotency_key)
            case = self.cases[opened_by]
            notes = case.notes if note is None else (*case.notes, note)
            self.cases[opened_by] = replace(case, notes=notes, **changes)

    def _answer(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if self.is_down:
            raise CrmUnavailableError("down")
        if self.refuses:
            raise CrmRejectedError("refused")
