"""Showing an agent what the desk masks: one value at a time, for a reason, and audited."""

from dataclasses import dataclass
from enum import Enum

from bot.complaints.filters import OPEN, ComplaintFilter
from bot.complaints.models import Complaint
from bot.complaints.overview import ComplaintOverview
from bot.conversations.log import ConversationLog
from bot.conversations.messages import State
from bot.crm.service import CrmService
from bot.handoff.errors import NothingToRevealError, NotYoursError
from bot.identity.principal import StaffPrincipal
from bot.identity.service import IdentityService
from bot.privacy.audit import Audit
from bot.privacy.errors import DestroyedKeyError, UnknownPlaceholderError
from bot.privacy.vault import Vault
from bot.staff.models import Agent
from bot.staff.roles import Operation


class Reason(str, Enum):
    """Why somebody has to see it."""

    CONTACT = "contact"
    VERIFY = "verify"
    HANDLE = "handle"
    OTHER = "other"


@dataclass(frozen=True)
class Wish:
    """What an agent wants to see and why."""

    what: str
    """`name` or `phone` as the bank has them on file, or a placeholder such as `[手机号1]`."""
    reason: Reason
    note: str
    """In the agent's words."""
    complaint: str | None = None
    """The number of the complaint for which it is wanted."""


class Reveal:
    """Opens what is masked for who serves the conversation or handles a complaint filed in it, and for supervisors."""

    def __init__(
        self,
        log: ConversationLog,
        complaints: ComplaintOverview,
        identity: IdentityService,
        crm: CrmService,
        vault: Vault,
        audit: Audit,
    ) -> None:
        self._log = log
        self._complaints = complaints
        self._identity = identity
        self._crm = crm
        self._vault = vault
        self._audit = audit

    async def show(self, conversation_id: str, agent: Agent, wish: Wish) -> str:
        """The value. It is told only when the audit log has it; the log never holds the value itself.

        Raises UnknownConversationError, NotYoursError, NothingToRevealError, and CrmUnavailableError.
        """
        customer_id = await self._customer(conversation_id, agent, wish.complaint)
        reason = f"{wish.reason.value}: {wish.note}" if wish.note else wish.reason.value
        value = await self._value(conversation_id, customer_id, wish.what, agent, reason)
        detail = {"what": wish.what, "complaint": wish.complaint}
        await self._audit.record(agent.actor, "customer.reveal", customer_id, conversation_id, detail, reason=reason)
        return value

    async def is_allowed(self, conversation_id: str, agent: Agent) -> bool:
        """Whether the desk may offer it for this conversation, so that nothing is offered that would be refused."""
        if not agent.may(Operation.REVEAL):
            return False
        try:
            await self._customer(conversation_id, agent, None)
        except NotYoursError:
            return False
        return True

    async def _customer(self, conversation_id: str, agent: Agent, number: str | None) -> str | None:
        """Whose values they are: the complaint's customer, or who the conversation belongs to now."""
        conversation = await self._log.get(conversation_id)
        filed = [each.complaint for each in await self._complaints.list(_filed_in(conversation_id), limit=None)]
        if number is not None:
            return _named(filed, number, agent).customer_id
        customer_id = (await self._identity.principal(conversation_id)).customer_id
        serves = conversation.state is State.AGENT and conversation.agent_id == agent.agent_id
        if serves or agent.is_supervisor:
            return customer_id
        # A WeChat user may have become another customer since the complaint was filed.
        if not any(each.handler_id == agent.agent_id and each.customer_id == customer_id for each in filed):
            raise NotYoursError(conversation_id)
        return customer_id

    async def _value(self, conversation_id: str, customer_id: str | None, what: str, agent: Agent, reason: str) -> str:
        if what not in ("name", "phone"):
            try:
                return await self._vault.open(conversation_id, what)
            except (UnknownPlaceholderError, DestroyedKeyError) as error:
                raise NothingToRevealError(str(error)) from error
        profile = None
        if customer_id is not None:
            reader = StaffPrincipal(agent.agent_id)
            profile = await self._crm.profile_of(
                customer_id, reader, "contact.reveal", reason=reason, conversation_id=conversation_id
            )
        if profile is None:
            raise NothingToRevealError("the bank knows no such customer")
        return profile.name if what == "name" else profile.phone


def _filed_in(conversation_id: str) -> ComplaintFilter:
    return ComplaintFilter(states=OPEN.states, conversation_id=conversation_id)


def _named(filed: list[Complaint], number: str, agent: Agent) -> Complaint:
    complaint = next((each for each in filed if each.number == number), None)
    if complaint is None or not (agent.is_supervisor or complaint.handler_id == agent.agent_id):
        raise NotYoursError(number)
    return complaint
