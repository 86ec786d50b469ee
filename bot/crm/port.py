"""What the assistant needs of a CRM."""

from typing import Protocol

from bot.crm.models import Case, CaseDraft, CaseUpdate, CustomerProfile


class Crm(Protocol):
    """Customers and cases.

    Every write takes an idempotency key (at most 100 characters): whoever repeats a write with its key until it
    has succeeded has written once. Every call raises CrmUnavailableError when it may succeed later, and
    CrmRejectedError when it never will as it is.
    """

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        """The customer, None if the CRM has none of this id."""
        ...

    async def find_by_phone(self, phone: str) -> str | None:
        """The id of the customer with this mobile number (11 digits) on file."""
        ...

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        """Note that the bank talked with the customer, and about what."""
        ...

    async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
        """Open a case; with a known key, the case that key opened is returned unchanged.

        Raises CrmRejectedError when another key has opened a case of this number.
        """
        ...

    async def update_case(self, number: str, update: CaseUpdate, *, idempotency_key: str) -> None:
        """Write what is not None in `update`. Raises UnknownCaseError."""
        ...

    async def case(self, number: str) -> Case | None:
        """The case of this number."""
        ...

    async def cases_of(self, customer_id: str) -> list[Case]:
        """The customer's cases, newest first."""
        ...

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        """Add a note to a case. Raises UnknownCaseError."""
        ...

    async def escalate_case(self, number: str, reason: str, *, idempotency_key: str) -> None:
        """Mark a case as escalated and note the reason. Raises UnknownCaseError."""
        ...

    async def check(self) -> list[str]:
        """What of our mapping does not fit the CRM's schema, one plain English line each; none when all fits."""
        ...
