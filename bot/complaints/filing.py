"""Filing: what is known of a complaint on its first day, and the CRM's case under the same number."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, bank_date
from bot.complaints.classify import classify, names_of
from bot.complaints.deadlines import LegalClock
from bot.complaints.ledger import enter, escalation
from bot.complaints.models import Actor, Complaint, ComplaintDraft, ComplaintState
from bot.complaints.numbers import make_number
from bot.complaints.rows import complaint_of, concerns_column
from bot.complaints.severity import concerns_of
from bot.complaints.states import FILED
from bot.complaints.tables import complaint_sequences, complaints
from bot.conversations.log import ConversationLog
from bot.crm.errors import CrmUnavailableError
from bot.crm.models import CaseDraft
from bot.crm.outbox import CrmOutbox
from bot.crm.service import CrmService
from bot.crm.writes import OpenCase
from bot.identity.principal import Principal
from bot.privacy.findings import Kind
from bot.privacy.vault import Vault
from bot.storage.database import Database
from bot.storage.rows import insert_new


class Filing:
    """Takes complaints in, each once."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        log: ConversationLog,
        *,
        crm: CrmService,
        outbox: CrmOutbox,
        vault: Vault,
        days: LegalClock,
    ) -> None:
        self._db = db
        self._clock = clock
        self._log = log
        self._crm = crm
        self._outbox = outbox
        self._vault = vault
        self._days = days

    async def file(self, who: Principal, draft: ComplaintDraft, idempotency_key: str) -> tuple[Complaint, bool]:
        """The complaint with this key, and whether it is new. Raises UnknownPlaceholderError for a phone not sealed."""
        phone = await self._phone(who, draft)
        channel = (await self._log.get(who.conversation_id)).channel
        filed = select(complaints).where(complaints.c.idempotency_key == idempotency_key)
        now = self._clock()
        async with self._db.write() as connection:
            row = (await connection.execute(filed)).mappings().one_or_none()
            if row is not None:
                return complaint_of(row), False
            number = await _next_number(connection, bank_date(now))
            values = _values(who, draft, channel, now, self._days)
            await insert_new(connection, complaints, number=number, idempotency_key=idempotency_key, **values)
            complaint = complaint_of((await connection.execute(filed)).mappings().one())
            if complaint.number != number:
                return complaint, False  # a retry was faster
            await enter(connection, number, Actor("customer", who.customer_id), FILED, complaint.state, at=now)
            await self._outbox.add(connection, OpenCase(_case(complaint, phone), f"{number}:open"))
            if complaint.is_urgent:
                await self._outbox.add(connection, escalation(number, complaint.concerns))
        self._outbox.nudge()
        return complaint, True

    async def _phone(self, who: Principal, draft: ComplaintDraft) -> str | None:
        """A bank never asks for what it has; with the CRM down, its people still find the number in the CRM."""
        if draft.phone is not None:
            return await self._vault.open(who.conversation_id, draft.phone, kind=Kind.MOBILE)
        try:
            profile = await self._crm.own_profile(who, "phone.complaint") if who.customer_id else None
        except CrmUnavailableError:
            return None
        return profile.phone if profile is not None else None


def _values(who: Principal, draft: ComplaintDraft, channel: str, now: datetime, days: LegalClock) -> dict[str, Any]:
    """All but the number: what the words say it is about, how urgent it is, and when the answer is due."""
    story = "\n".join(filter(None, (draft.what, draft.wish)))
    matter = classify(draft.target, story)
    today = bank_date(now)
    return {
        "customer_id": who.customer_id,
        "conversation_id": who.conversation_id,
        "channel": channel,
        "state": ComplaintState.RECEIVED.value,
        "category": matter.category,
        "subcategory": matter.subcategory,
        "target": draft.target,
        "target_kind": matter.target_kind.value,
        "branch": matter.branch,
        "what": draft.what,
        "wish": draft.wish,
        "phone": draft.phone,
        "occurred_on": draft.occurred_on,
        "amount_fen": draft.amount_fen,
        "currency": draft.currency,
        "complexity": matter.complexity.value,
        "concerns": concerns_column(concerns_of(story)),
        "received_at": now,
        "clock_started_on": today,
        "due_on": days.due_on(matter.complexity, today),
    }


async def _next_number(connection: AsyncConnection, day: date) -> str:
    await insert_new(connection, complaint_sequences, day=day, last=0)
    statement = (
        update(complaint_sequences)
        .where(complaint_sequences.c.day == day)
        .values(last=complaint_sequences.c.last + 1)
        .returning(complaint_sequences.c.last)
    )
    return make_number(day, int((await connection.execute(statement)).scalar_one()))


def _case(complaint: Complaint, phone: str | None) -> CaseDraft:
    category, subcategory = names_of(complaint.category, complaint.subcategory)
    return CaseDraft(
        number=complaint.number,
        customer_id=complaint.customer_id,
        conversation_id=complaint.conversation_id,
        subject=complaint.target or category,
        description="\n".join(filter(None, (complaint.what, complaint.wish))),
        contact_phone=phone,
        due_on=complaint.due_on,
        category=category,
        subcategory=subcategory or "",
        channel=complaint.channel,
        priority="urgent" if complaint.is_urgent else "normal",
    )
