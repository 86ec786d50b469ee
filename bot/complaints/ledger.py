"""Changing complaints: the row, its timeline, the notice to the customer and the CRM's copy in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.complaints import states
from bot.complaints.classify import names_of
from bot.complaints.errors import UnknownComplaintError
from bot.complaints.labels import label
from bot.complaints.models import Actor, Complaint, ComplaintState, Concern
from bot.complaints.rows import complaint_of, concerns_column
from bot.complaints.states import Event
from bot.complaints.tables import complaint_extensions, complaint_timeline, complaints
from bot.conversations.change import Change
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft
from bot.crm.models import CaseState, CaseUpdate
from bot.crm.outbox import CrmOutbox
from bot.crm.writes import AddNote, EscalateCase, UpdateCase
from bot.storage.database import Database

_CASE_STATES = {
    ComplaintState.RECEIVED: CaseState.OPEN,
    ComplaintState.ACCEPTED: CaseState.IN_PROGRESS,
    ComplaintState.INVESTIGATING: CaseState.IN_PROGRESS,
    ComplaintState.REOPENED: CaseState.IN_PROGRESS,
    ComplaintState.ANSWERED: CaseState.ANSWERED,
    ComplaintState.CLOSED: CaseState.CLOSED,
    ComplaintState.WITHDRAWN: CaseState.WITHDRAWN,
}


class ComplaintChange:
    """One transaction on one complaint, whose row is locked until it ends. Made by `Ledger.change`."""

    def __init__(self, change: Change, complaint: Complaint, outbox: CrmOutbox) -> None:
        self.complaint = complaint
        """The complaint with what this change has done to it so far."""
        self.connection = change.connection
        self.now = change.now
        self._change = change
        self._outbox = outbox

    async def apply(
        self,
        event: Event,
        actor: Actor,
        *,
        text: str | None = None,
        tell: str | None = None,
        detail: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
        **columns: Any,
    ) -> bool:
        """Let `event` happen: change `columns`, enter it into the timeline, tell the customer, and tell the CRM.

        `text` is for the bank's people, `tell` is what the customer reads. False, with nothing done, when the
        idempotency key was used before. Raises ForbiddenComplaintMoveError.
        """
        number, before = self.complaint.number, self.complaint.state
        if idempotency_key is not None and await used(self.connection, idempotency_key):
            return False
        state = states.after(before, event)
        seq = await enter(
            self.connection,
            number,
            actor,
            event.value,
            state,
            at=self.now,
            text=text,
            told=tell,
            detail=detail,
            idempotency_key=idempotency_key,
        )
        columns["state"] = state.value
        row = await self.connection.execute(
            update(complaints).where(complaints.c.number == number).values(columns).returning(*complaints.c)
        )
        self.complaint = complaint_of(row.mappings().one())
        if tell is not None:
            await self._change.append(Draft(Author.SYSTEM, tell))
        await self._mirror(f"{number}:{seq}", event, state is not before, columns, text)
        return True

    async def drop_extension_request(self) -> None:
        """Nobody needs to decide on it any more."""
        await self.connection.execute(
            update(complaint_extensions)
            .where(complaint_extensions.c.number == self.complaint.number, complaint_extensions.c.state == "pending")
            .values(state="lapsed", decided_at=self.now)
        )

    async def escalate(self) -> None:
        """Have the CRM mark the case as escalated, for what the complaint speaks of by now."""
        await self._outbox.add(self.connection, escalation(self.complaint.number, self.complaint.concerns))

    async def _mirror(self, key: str, event: Event, moved: bool, columns: dict[str, Any], text: str | None) -> None:
        """What colleagues in the CRM see: the state, who works on it until when, notes, the answer."""
        complaint = self.complaint
        category, subcategory = names_of(complaint.category, complaint.subcategory)
        sorted_anew = "category" in columns
        changed = CaseUpdate(
            state=_CASE_STATES[complaint.state] if moved else None,
            due_on=columns.get("due_on"),
            owner=columns.get("handler_name"),
            resolution=columns.get("answer"),
            category=category if sorted_anew else None,
            subcategory=subcategory or "" if sorted_anew else None,
        )
        if changed != CaseUpdate():
            await self._outbox.add(self.connection, UpdateCase(complaint.number, changed, f"{key}:update"))
        if text is not None and event is not Event.ANSWER:
            await self._outbox.add(self.connection, AddNote(complaint.number, text, f"{key}:note"))


class Ledger:
    """Finds complaints and changes one at a time."""

    def __init__(self, db: Database, log: ConversationLog, outbox: CrmOutbox) -> None:
        self._db = db
        self._log = log
        self._outbox = outbox

    async def find(self, number: str) -> Complaint:
        """The complaint of this number, as we write it. Raises UnknownComplaintError."""
        async with self._db.read() as connection:
            return await _load(connection, number)

    @asynccontextmanager
    async def change(self, number: str) -> AsyncIterator[ComplaintChange]:
        """One atomic change, with the conversation it was filed in; nothing of it stays when the body raises.

        Raises UnknownComplaintError.
        """
        conversation_id = (await self.find(number)).conversation_id
        async with self._log.change(conversation_id) as change:
            yield ComplaintChange(change, await _load(change.connection, number, lock=True), self._outbox)
        self._outbox.nudge()


def escalation(number: str, concerns: tuple[Concern, ...]) -> EscalateCase:
    """What tells the CRM that a complaint is urgent, and why."""
    key = f"{number}:escalate:{concerns_column(concerns)}"
    return EscalateCase(number, "、".join(label(concern) for concern in concerns), key)


async def enter(
    connection: AsyncConnection,
    number: str,
    actor: Actor,
    event: str,
    state: ComplaintState,
    *,
    at: datetime,
    text: str | None = None,
    told: str | None = None,
    detail: dict[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Append to the timeline of a complaint whose row is locked or new; the entry's number, from 1."""
    last = select(func.coalesce(func.max(complaint_timeline.c.seq), 0)).where(complaint_timeline.c.number == number)
    seq: int = (await connection.execute(last)).scalar_one() + 1
    await connection.execute(
        insert(complaint_timeline).values(
            number=number,
            seq=seq,
            idempotency_key=idempotency_key,
            at=at,
            actor=actor.kind,
            actor_id=actor.actor_id,
            actor_name=actor.name,
            event=event,
            state=state.value,
            text=text,
            told=told,
            detail=detail or {},
        )
    )
    return seq


async def used(connection: AsyncConnection, idempotency_key: str) -> bool:
    """Whether something was entered with this key already."""
    same = select(complaint_timeline.c.seq).where(complaint_timeline.c.idempotency_key == idempotency_key)
    return await connection.scalar(same) is not None


async def _load(connection: AsyncConnection, number: str, *, lock: bool = False) -> Complaint:
    query = select(complaints).where(complaints.c.number == number)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if row is None:
        raise UnknownComplaintError(number)
    return complaint_of(row)
