"""The CRM's customers: the policy is asked and the read audited before the CRM is."""

from bot.clock import Clock
from bot.crm.models import Case, CustomerProfile
from bot.crm.port import Crm
from bot.identity.policy import customer_of, permit
from bot.identity.principal import SYSTEM, Principal, StaffPrincipal
from bot.privacy.audit import Audit


class CrmService:
    """Everything that is read in the CRM. What is written to it goes through the outbox.

    Every method raises CrmUnavailableError and CrmRejectedError as the port does.
    """

    def __init__(self, crm: Crm, audit: Audit, clock: Clock) -> None:
        self._crm = crm
        self._audit = audit
        self._clock = clock

    async def own_profile(self, who: Principal, operation: str) -> CustomerProfile | None:
        """The customer's own profile, None if the CRM has none; `operation` says what it is read for.

        Raises AssuranceRequiredError.
        """
        customer_id = customer_of(who, operation, self._clock())
        await self._audit.record(who.actor, operation, customer_id, who.conversation_id, {})
        return await self._crm.profile(customer_id)

    async def profile_of(
        self,
        customer_id: str,
        by: StaffPrincipal,
        operation: str,
        *,
        reason: str,
        conversation_id: str | None = None,
    ) -> CustomerProfile | None:
        """A customer's profile for a colleague, None if the CRM has none of this id; `reason` says what for."""
        permit(by, operation)
        await self._audit.record(by.actor, operation, customer_id, conversation_id, {}, reason=reason)
        return await self._crm.profile(customer_id)

    async def find_by_phone(self, phone: str, conversation_id: str) -> str | None:
        """The customer with this number (11 digits) on file: for the system alone, and never told to whoever asked."""
        permit(SYSTEM, "customer.find")
        await self._audit.record(SYSTEM.actor, "customer.find", None, conversation_id, {})
        return await self._crm.find_by_phone(phone)

    async def segment_of(self, customer_id: str, conversation_id: str) -> str | None:
        """A customer's segment, for the line in which the customer waits; None if the CRM has no such customer."""
        permit(SYSTEM, "customer.route")
        await self._audit.record(SYSTEM.actor, "customer.route", customer_id, conversation_id, {})
        profile = await self._crm.profile(customer_id)
        return profile.segment if profile else None

    async def profile_kept(self, customer_id: str, operation: str) -> CustomerProfile | None:
        """A customer's profile for the system, which has audited what it does for the customer's rights."""
        permit(SYSTEM, operation)
        return await self._crm.profile(customer_id)

    async def cases_kept(self, customer_id: str, operation: str) -> list[Case]:
        """A customer's cases, newest first, likewise."""
        permit(SYSTEM, operation)
        return await self._crm.cases_of(customer_id)

    async def check(self) -> list[str]:
        """What of our mapping does not fit the CRM's schema; see `Crm.check`."""
        permit(SYSTEM, "crm.check")
        return await self._crm.check()
