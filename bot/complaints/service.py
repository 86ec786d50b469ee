"""What a customer does with complaints: file, follow, add to, withdraw, reopen."""

from typing import Any

from sqlalchemy import and_, or_, select

from bot import wording
from bot.clock import Clock, bank_date
from bot.complaints.deadlines import LegalClock
from bot.complaints.errors import UnknownComplaintError
from bot.complaints.filing import Filing
from bot.complaints.ledger import ComplaintChange, Ledger
from bot.complaints.models import Actor, Complaint, ComplaintDraft
from bot.complaints.numbers import parse_number
from bot.complaints.rounds import new_round
from bot.complaints.rows import complaint_of, concerns_column
from bot.complaints.severity import concerns_of
from bot.complaints.states import Event
from bot.complaints.tables import complaints
from bot.conversations.log import ConversationLog
from bot.crm.outbox import CrmOutbox
from bot.crm.service import CrmService
from bot.identity.policy import customer_of, require
from bot.identity.principal import Principal
from bot.privacy.audit import Audit
from bot.privacy.vault import Vault
from bot.storage.database import Database
from bot.texts import Texts


class ComplaintService:
    """Keeps complaints, and a CRM case for each under the same number.

    What a customer does here is answered by the dialogue; the conversation the complaint was filed in hears of it
    as well when it is another one.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        log: ConversationLog,
        *,
        crm: CrmService,
        outbox: CrmOutbox,
        vault: Vault,
        audit: Audit,
        texts: Texts,
        days: LegalClock,
    ) -> None:
        self._db = db
        self._clock = clock
        self._ledger = Ledger(db, log, outbox)
        self._filing = Filing(db, clock, log, crm=crm, outbox=outbox, vault=vault, days=days)
        self._audit = audit
        self._texts = texts
        self._days = days

    async def file(self, who: Principal, draft: ComplaintDraft, *, idempotency_key: str) -> Complaint:
        """File the complaint, or return the one already filed with this key.

        Raises UnknownPlaceholderError for a phone that is not sealed in this conversation.
        """
        require(who, "complaint.file", self._clock())
        complaint, is_new = await self._filing.file(who, draft, idempotency_key)
        if is_new:
            await self._audited(who, "complaint.file", complaint.number)
        return complaint

    async def status(self, who: Principal, number: str) -> Complaint:
        """The complaint of this number, as typed by the customer.

        A customer sees the own ones; a stranger sees what was filed anonymously in the same conversation, and for
        any other number gets AssuranceRequiredError, whether it exists or not. Raises MistypedNumberError for a
        wrong check digit, UnknownComplaintError for one that is missing or somebody else's.
        """
        return await self._own(who, number, "complaint.read")

    async def mine(self, who: Principal) -> list[Complaint]:
        """The customer's complaints and those filed anonymously in this conversation, newest first.

        Raises AssuranceRequiredError where the customer is not known and nothing was filed here.
        """
        here = and_(complaints.c.customer_id.is_(None), complaints.c.conversation_id == who.conversation_id)
        own = or_(here, complaints.c.customer_id == who.customer_id) if who.customer_id is not None else here
        statement = select(complaints).where(own).order_by(complaints.c.received_at.desc(), complaints.c.number.desc())
        async with self._db.read() as connection:
            found = [complaint_of(row) for row in (await connection.execute(statement)).mappings()]
        if not found or any(complaint.customer_id is not None for complaint in found):
            customer_of(who, "complaint.list", self._clock())
        await self._audited(who, "complaint.list")
        return found

    async def add(self, who: Principal, number: str, text: str, *, idempotency_key: str) -> Complaint:
        """Add what the customer has to say (sealed) to a complaint that has not ended; with a known key, nothing.

        Raises what `status` raises, and ForbiddenComplaintMoveError once it is closed or withdrawn.
        """
        own = await self._own(who, number, "complaint.add")
        async with self._ledger.change(own.number) as change:
            concerns = tuple(dict.fromkeys((*change.complaint.concerns, *concerns_of(text))))
            grown = concerns != change.complaint.concerns
            columns: dict[str, Any] = {"concerns": concerns_column(concerns)} if grown else {}
            added = await change.apply(Event.ADD, _actor(who), text=text, idempotency_key=idempotency_key, **columns)
            if added and grown:
                await change.escalate()
            return change.complaint

    async def withdraw(self, who: Principal, number: str) -> Complaint:
        """Withdraw a complaint that has not been answered yet; final.

        Raises what `status` raises, and ForbiddenComplaintMoveError once it is answered, closed or withdrawn.
        """
        own = await self._own(who, number, "complaint.withdraw")
        async with self._ledger.change(own.number) as change:
            today = bank_date(change.now)
            notice = self._elsewhere(who, change, "utter_complaint_notice_withdrawn")
            await change.apply(Event.WITHDRAW, _actor(who), tell=notice, ended_at=change.now, clock_stopped_on=today)
            await change.drop_extension_request()
            return change.complaint

    async def reopen(self, who: Principal, number: str, reason: str) -> Complaint:
        """Have an answered or closed complaint looked at again: a new round with a clock of its own.

        Raises what `status` raises, ForbiddenComplaintMoveError in other states, and ReopenTooLateError when
        `reopen_days` have passed since it was closed.
        """
        own = await self._own(who, number, "complaint.reopen")
        async with self._ledger.change(own.number) as change:
            today = bank_date(change.now)
            columns = new_round(change.complaint, today, self._days)
            due = wording.day(columns["due_on"], today)
            notice = self._elsewhere(who, change, "utter_complaint_notice_reopened", due=due)
            await change.apply(Event.REOPEN, _actor(who), text=reason, tell=notice, **columns)
            return change.complaint

    async def _own(self, who: Principal, typed: str, operation: str) -> Complaint:
        number = parse_number(typed)
        try:
            found = await self._ledger.find(number)
        except UnknownComplaintError:
            found = None
        if found is not None and found.customer_id is None and found.conversation_id == who.conversation_id:
            await self._audited(who, operation, number)
            return found
        customer_id = customer_of(who, operation, self._clock())
        await self._audited(who, operation, number)
        if found is None or found.customer_id != customer_id:
            raise UnknownComplaintError(number)
        return found

    def _elsewhere(self, who: Principal, change: ComplaintChange, response: str, **variables: Any) -> str | None:
        """What the conversation it was filed in is told, unless it is the very one in which the dialogue answers."""
        if change.complaint.conversation_id == who.conversation_id:
            return None
        return self._texts(response, number=change.complaint.number, **variables)

    async def _audited(self, who: Principal, action: str, number: str | None = None) -> None:
        detail = {} if number is None else {"number": number}
        await self._audit.record(who.actor, action, who.customer_id, who.conversation_id, detail)


def _actor(who: Principal) -> Actor:
    return Actor("customer", who.customer_id)
