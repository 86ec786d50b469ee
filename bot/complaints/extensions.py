"""More time for an answer: asked for by the handler, decided by a supervisor, told to the customer."""

from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from bot import wording
from bot.clock import bank_date
from bot.complaints.deadlines import LegalClock
from bot.complaints.errors import (
    AlreadyExtendedError,
    DeadlinePassedError,
    ExtensionPendingError,
    NoExtensionPendingError,
)
from bot.complaints.ledger import ComplaintChange, Ledger
from bot.complaints.models import Complaint
from bot.complaints.people import actor_of, require_handler, require_second_pair_of_eyes
from bot.complaints.states import Event
from bot.complaints.tables import complaint_extensions
from bot.privacy.vault import Vault
from bot.staff.models import Agent
from bot.texts import Texts

_table = complaint_extensions


class ComplaintExtensions:
    """Extends a clock once, up to the 60 days of the law, and only before the day of the answer has passed.

    Every call raises UnknownComplaintError, and ForbiddenComplaintMoveError once the complaint is answered or ended.
    """

    def __init__(self, ledger: Ledger, vault: Vault, texts: Texts, days: LegalClock) -> None:
        self._ledger = ledger
        self._vault = vault
        self._texts = texts
        self._days = days

    async def request(self, number: str, agent: Agent, *, reason: str) -> Complaint:
        """Ask for the extension.

        Raises NotHandlerError, AlreadyExtendedError, ExtensionPendingError, DeadlinePassedError.
        """
        found = await self._ledger.find(number)
        sealed = await self._vault.seal(found.conversation_id, reason)
        async with self._ledger.change(number) as change:
            complaint = change.complaint
            require_handler(complaint, agent)
            _require_running_clock(change)
            if complaint.extended:
                raise AlreadyExtendedError("the clock has been extended")
            if await _pending(change) is not None:
                raise ExtensionPendingError("a supervisor has not decided yet")
            until = self._days.extended(complaint.due_on, complaint.clock_started_on)
            await change.apply(
                Event.EXTEND, actor_of(agent), text=sealed, detail={"decision": "requested", "until": until.isoformat()}
            )
            await change.connection.execute(
                insert(_table).values(
                    number=number,
                    requested_by=agent.agent_id,
                    requested_by_name=agent.name,
                    requested_at=change.now,
                    reason=sealed,
                    until=until,
                    state="pending",
                )
            )
            return change.complaint

    async def approve(self, number: str, supervisor: Agent) -> Complaint:
        """Grant what was asked for and tell the customer the new day.

        Raises SupervisorRequiredError, OwnRequestError, NoExtensionPendingError, DeadlinePassedError.
        """
        async with self._ledger.change(number) as change:
            wish = await self._decidable(change, supervisor)
            _require_running_clock(change)
            # Counted anew: the day may have moved since, by another complexity.
            until = self._days.extended(change.complaint.due_on, change.complaint.clock_started_on)
            day = wording.day(until, bank_date(change.now))
            await change.apply(
                Event.EXTEND,
                actor_of(supervisor),
                tell=self._texts("utter_complaint_notice_extended", number=number, due=day),
                detail={"decision": "approved", "until": until.isoformat()},
                due_on=until,
                extended=True,
            )
            await _decide(change, wish, supervisor, state="approved", until=until, notified_at=change.now)
            return change.complaint

    async def refuse(self, number: str, supervisor: Agent, *, note: str) -> Complaint:
        """Leave the day as it is; the customer was told nothing and is told nothing.

        Raises SupervisorRequiredError, OwnRequestError, NoExtensionPendingError.
        """
        found = await self._ledger.find(number)
        sealed = await self._vault.seal(found.conversation_id, note)
        async with self._ledger.change(number) as change:
            wish = await self._decidable(change, supervisor)
            await change.apply(Event.EXTEND, actor_of(supervisor), text=sealed, detail={"decision": "refused"})
            await _decide(change, wish, supervisor, state="refused", note=sealed)
            return change.complaint

    @staticmethod
    async def _decidable(change: ComplaintChange, supervisor: Agent) -> RowMapping:
        wish = await _pending(change)
        if wish is None:
            raise NoExtensionPendingError("nothing to decide on")
        require_second_pair_of_eyes(wish["requested_by"], supervisor)
        return wish


def _require_running_clock(change: ComplaintChange) -> None:
    if bank_date(change.now) > change.complaint.due_on:
        raise DeadlinePassedError("late stays late")


async def _pending(change: ComplaintChange) -> RowMapping | None:
    query = select(_table).where(_table.c.number == change.complaint.number, _table.c.state == "pending")
    return (await change.connection.execute(query)).mappings().one_or_none()


async def _decide(change: ComplaintChange, wish: RowMapping, supervisor: Agent, **values: Any) -> None:
    decided = {"decided_by": supervisor.agent_id, "decided_by_name": supervisor.name, "decided_at": change.now}
    statement = update(_table).where(_table.c.extension_id == wish["extension_id"]).values(**decided, **values)
    await change.connection.execute(statement)
