"""Filing a complaint and telling how it stands."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, bank_date
from bot.complaints.errors import UnknownComplaintError
from bot.complaints.models import Complaint, ComplaintDraft, ComplaintState
from bot.complaints.numbers import make_number, parse_number
from bot.complaints.tables import complaint_sequences, complaints
from bot.crm.models import CaseDraft
from bot.crm.port import Crm
from bot.identity.policy import customer_of, require
from bot.identity.principal import Principal
from bot.privacy.audit import Audit
from bot.privacy.detect import Kind
from bot.privacy.vault import Vault
from bot.storage.database import Database
from bot.storage.rows import insert_new


class ComplaintService:
    """Keeps complaints, opens a CRM case for each under the same number, and watches the legal clock."""

    def __init__(self, db: Database, clock: Clock, *, crm: Crm, vault: Vault, audit: Audit, answer_days: int) -> None:
        """`answer_days`: by law 15 days when the facts are clear (银行业保险业消费投诉处理管理办法)."""
        self._db = db
        self._clock = clock
        self._crm = crm
        self._vault = vault
        self._audit = audit
        self._answer_days = answer_days

    async def file(self, who: Principal, draft: ComplaintDraft, *, idempotency_key: str) -> Complaint:
        """File the complaint, or return the one already filed with this key.

        Raises UnknownPlaceholderError for a phone that is not sealed in this conversation. When the CRM cannot be
        reached the complaint is kept all the same; filing again with the same key opens the case.
        """
        require(who, "complaint.file")
        phone = None
        if draft.phone is not None:
            phone = await self._vault.open(who.conversation_id, draft.phone, kind=Kind.MOBILE)
        filed = await self._keep(who, draft, idempotency_key)
        case = CaseDraft(
            number=filed.number,
            customer_id=who.customer_id,
            conversation_id=who.conversation_id,
            subject=draft.target or "",
            description="\n".join(filter(None, (draft.what, draft.wish))),
            contact_phone=phone or await self._phone_on_file(who),
            due_on=filed.due_on,
        )
        await self._crm.open_case(case, idempotency_key=idempotency_key)
        return filed

    async def status(self, who: Principal, number: str) -> Complaint:
        """The complaint of this number, as typed by the customer.

        A customer sees the own ones; a stranger sees what was filed anonymously in the same conversation, and for
        any other number gets AssuranceRequiredError, whether it exists or not. Raises MistypedNumberError for a
        wrong check digit, UnknownComplaintError for one that is missing or somebody else's.
        """
        number = parse_number(number)
        async with self._db.read() as connection:
            row = (await connection.execute(select(complaints).where(complaints.c.number == number))).one_or_none()
        filed_here = row is not None and row.customer_id is None and row.conversation_id == who.conversation_id
        if not filed_here:
            customer_id = customer_of(who, "complaint.read")
            await self._audited(who, "complaint.read", number=number)
            if row is None or row.customer_id != customer_id:
                raise UnknownComplaintError(number)
        assert row is not None
        return _complaint(row)

    async def mine(self, who: Principal) -> list[Complaint]:
        """The customer's complaints, newest first."""
        customer_id = customer_of(who, "complaint.list")
        await self._audited(who, "complaint.list")
        statement = (
            select(complaints)
            .where(complaints.c.customer_id == customer_id)
            .order_by(complaints.c.received_at.desc(), complaints.c.number.desc())
        )
        async with self._db.read() as connection:
            return [_complaint(row) for row in await connection.execute(statement)]

    async def _phone_on_file(self, who: Principal) -> str | None:
        """A bank never asks for what it has."""
        profile = await self._crm.profile(who.customer_id) if who.customer_id is not None else None
        return profile.phone if profile is not None else None

    async def _keep(self, who: Principal, draft: ComplaintDraft, idempotency_key: str) -> Complaint:
        now = self._clock()
        today = bank_date(now)
        filed = select(complaints).where(complaints.c.idempotency_key == idempotency_key)
        async with self._db.write() as connection:
            row = (await connection.execute(filed)).one_or_none()
            if row is not None:
                return _complaint(row)
            number = make_number(today, await _next_sequence(connection, today))
            inserted = await insert_new(
                connection,
                complaints,
                number=number,
                idempotency_key=idempotency_key,
                customer_id=who.customer_id,
                conversation_id=who.conversation_id,
                state=ComplaintState.RECEIVED.value,
                target=draft.target,
                what=draft.what,
                wish=draft.wish,
                occurred_on=draft.occurred_on,
                amount_fen=draft.amount_fen,
                received_at=now,
                due_on=today + timedelta(days=self._answer_days),
            )
            row = (await connection.execute(filed)).one()
        if inserted:
            await self._audited(who, "complaint.file", number=row.number)
        return _complaint(row)

    async def _audited(self, who: Principal, action: str, **detail: str) -> None:
        await self._audit.record("customer", action, who.customer_id, who.conversation_id, detail)


async def _next_sequence(connection: AsyncConnection, day: date) -> int:
    await insert_new(connection, complaint_sequences, day=day, last=0)
    statement = (
        update(complaint_sequences)
        .where(complaint_sequences.c.day == day)
        .values(last=complaint_sequences.c.last + 1)
        .returning(complaint_sequences.c.last)
    )
    return int((await connection.execute(statement)).scalar_one())


def _complaint(row: Row[Any]) -> Complaint:
    received_at: datetime = row.received_at
    return Complaint(row.number, ComplaintState(row.state), row.target, row.what, row.wish, received_at, row.due_on)
