"""What the desk shows of complaints: the list by deadline, and one in full."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.clock import Clock, bank_date
from bot.complaints.deadlines import LegalClock, Standing
from bot.complaints.errors import UnknownComplaintError
from bot.complaints.filters import OPEN, ComplaintFilter, conditions, is_extension_pending
from bot.complaints.models import Complaint, ComplaintState, Extension, TimelineEntry
from bot.complaints.rows import complaint_of, entry_of, extension_of
from bot.complaints.states import RUNNING, Event, possible
from bot.complaints.tables import complaint_extensions, complaint_timeline, complaints
from bot.crm.errors import CrmError
from bot.crm.service import CrmService
from bot.identity.principal import StaffPrincipal
from bot.privacy.audit import Audit
from bot.privacy.errors import DestroyedKeyError
from bot.privacy.findings import Kind
from bot.privacy.vault import Vault
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.wording import mask_name, mask_phone


@dataclass(frozen=True)
class ListedComplaint:
    """One line of the list."""

    complaint: Complaint
    standing: Standing
    days_left: int
    """Days until the answer is due, below zero when late; of a stopped clock, those that were left."""
    extension_pending: bool


@dataclass(frozen=True)
class ComplaintDetail:
    """One complaint in full."""

    listed: ListedComplaint
    timeline: list[TimelineEntry]
    extensions: list[Extension]
    customer_name: str | None
    """Masked; None for an anonymous customer, and while the CRM does not answer."""
    contact_phone: str | None
    """Masked: what the customer gave, else what is on file."""
    possible: list[Event]
    """What its state allows."""
    extended_until: date
    """When the answer would be due with an extension."""
    reopen_until: date | None
    """The last day for having it reopened, once it is closed."""


class ComplaintOverview:
    """Reads complaints for the desk."""

    def __init__(
        self, db: Database, clock: Clock, *, crm: CrmService, vault: Vault, audit: Audit, days: LegalClock
    ) -> None:
        self._db = db
        self._clock = clock
        self._crm = crm
        self._vault = vault
        self._audit = audit
        self._days = days

    async def list(
        self, which: ComplaintFilter = OPEN, *, limit: int | None = 200, offset: int = 0
    ) -> list[ListedComplaint]:
        """Running clocks first, those due soonest before others, of one day the urgent first."""
        query = (
            select(complaints, is_extension_pending().label("extension_pending"))
            .where(*self._conditions(which))
            .order_by(
                complaints.c.clock_stopped_on.is_not(None),
                complaints.c.due_on,
                complaints.c.concerns == "",
                complaints.c.number,
            )
            .limit(limit)
            .offset(offset)
        )
        async with self._db.read() as connection:
            return [self._listed(dict(row)) for row in (await connection.execute(query)).mappings()]

    async def count(self, which: ComplaintFilter = OPEN) -> int:
        """How many there are."""
        query = select(func.count()).select_from(complaints).where(*self._conditions(which))
        async with self._db.read() as connection:
            return await connection.scalar(query) or 0

    async def counts(self) -> dict[Standing, int]:
        """How many running clocks stand how."""
        return {each: await self.count(ComplaintFilter(states=RUNNING, standing=each)) for each in Standing}

    async def granted_extensions(self) -> dict[tuple[str, date], Extension]:
        """Every approved extension, by number and the day it led to."""
        query = select(complaint_extensions).where(complaint_extensions.c.state == "approved")
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {(row["number"], row["until"]): extension_of(row) for row in rows}

    async def version(self, number: str) -> int:
        """How many entries its timeline has: tells who has read it whether to read it again. 0 for an unknown one."""
        query = select(func.count()).where(complaint_timeline.c.number == number)
        async with self._db.read() as connection:
            return await connection.scalar(query) or 0

    async def detail(self, number: str, agent: Agent) -> ComplaintDetail:
        """One complaint; reading it is audited. Raises UnknownComplaintError."""
        listed = await self.list(ComplaintFilter(states=frozenset(ComplaintState), number=number))
        found = next((each for each in listed if each.complaint.number == number), None)
        if found is None:
            raise UnknownComplaintError(number)
        complaint = found.complaint
        reader = StaffPrincipal(agent.agent_id)
        await self._audit.record(
            reader.actor,
            "complaint.read",
            complaint.customer_id,
            complaint.conversation_id,
            {"number": number},
            reason="desk: opened the complaint",
        )
        name, phone = await self._contact(complaint, reader)
        timeline = select(complaint_timeline).where(complaint_timeline.c.number == number)
        extensions = select(complaint_extensions).where(complaint_extensions.c.number == number)
        async with self._db.read() as connection:
            entries = (await connection.execute(timeline.order_by(complaint_timeline.c.seq))).mappings()
            wishes = (await connection.execute(extensions.order_by(complaint_extensions.c.extension_id))).mappings()
            return ComplaintDetail(
                listed=found,
                timeline=[entry_of(row) for row in entries],
                extensions=[extension_of(row) for row in wishes],
                customer_name=name,
                contact_phone=phone,
                possible=possible(complaint.state),
                extended_until=self._days.extended(complaint.due_on, complaint.clock_started_on),
                reopen_until=self._days.reopen_until(bank_date(complaint.ended_at)) if complaint.ended_at else None,
            )

    async def _contact(self, complaint: Complaint, reader: StaffPrincipal) -> tuple[str | None, str | None]:
        """Name and number to call, masked."""
        profile = None
        if complaint.customer_id is not None:
            with contextlib.suppress(CrmError):  # the rest of the complaint is worth showing
                profile = await self._crm.profile_of(
                    complaint.customer_id,
                    reader,
                    "complaint_contact.read",
                    reason="desk: opened the complaint",
                    conversation_id=complaint.conversation_id,
                )
        phone = profile.phone if profile else None
        if complaint.phone is not None:
            phone = await self._opened(complaint.conversation_id, complaint.phone)
        return (mask_name(profile.name) if profile else None, mask_phone(phone) if phone else None)

    async def _opened(self, conversation_id: str, phone: str) -> str | None:
        try:
            return await self._vault.open(conversation_id, phone, kind=Kind.MOBILE)
        except DestroyedKeyError:  # the customer had it erased; the law keeps the complaint
            return None

    def _listed(self, row: dict[str, Any]) -> ListedComplaint:
        pending = bool(row.pop("extension_pending"))
        complaint, today = complaint_of(row), bank_date(self._clock())
        return ListedComplaint(
            complaint,
            standing=self._days.standing(complaint.due_on, today, stopped_on=complaint.clock_stopped_on),
            days_left=(complaint.due_on - (complaint.clock_stopped_on or today)).days,
            extension_pending=pending,
        )

    def _conditions(self, which: ComplaintFilter) -> Iterator[ColumnElement[bool]]:
        return conditions(which, bank_date(self._clock()), self._days)
