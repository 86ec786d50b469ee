"""What agents do with complaints; each change of state is told to the customer where the complaint was filed."""

from typing import Any

from bot import wording
from bot.clock import bank_date
from bot.complaints.classify import names_of
from bot.complaints.deadlines import LegalClock
from bot.complaints.errors import AlreadyExtendedError, DeadlinePassedError, UnfinishedAnswerError
from bot.complaints.ledger import ComplaintChange, Ledger
from bot.complaints.models import Complaint, Complexity, Outcome
from bot.complaints.people import actor_of, handled_by, require_handler
from bot.complaints.rounds import new_round
from bot.complaints.states import Event
from bot.complaints.templates import has_gaps
from bot.handoff.forbidden import require_proper_wording
from bot.privacy.vault import Vault
from bot.staff.models import Agent
from bot.texts import Texts


class ComplaintDesk:
    """Works on complaints.

    Every call raises UnknownComplaintError, ForbiddenComplaintMoveError where the state does not allow it (a
    colleague was faster), and NotHandlerError where somebody else works on it; supervisors may always.
    """

    def __init__(self, ledger: Ledger, vault: Vault, texts: Texts, days: LegalClock) -> None:
        self._ledger = ledger
        self._vault = vault
        self._texts = texts
        self._days = days

    async def accept(self, number: str, agent: Agent) -> Complaint:
        """Take it on and become its handler, unless it has one."""
        async with self._ledger.change(number) as change:
            require_handler(change.complaint, agent)
            handler = {} if change.complaint.handler_id else handled_by(agent)
            told = self._told("accepted", change.complaint, due=self._due(change))
            await change.apply(Event.ACCEPT, actor_of(agent), tell=told, **handler)
            return change.complaint

    async def investigate(self, number: str, agent: Agent) -> Complaint:
        """Begin to establish the facts."""
        async with self._ledger.change(number) as change:
            require_handler(change.complaint, agent)
            told = self._told("investigating", change.complaint, due=self._due(change))
            await change.apply(Event.INVESTIGATE, actor_of(agent), tell=told)
            return change.complaint

    async def answer(self, number: str, agent: Agent, *, outcome: Outcome, text: str) -> Complaint:
        """Tell the customer what the bank found and does.

        Raises ForbiddenWordingError (bot/handoff/errors.py) for words a bank must not write, UnfinishedAnswerError
        while something in 【】 is left of a template.
        """
        require_proper_wording(text)
        if has_gaps(text):
            raise UnfinishedAnswerError("something in 【】 is left of the template")
        async with self._ledger.change(number) as change:
            require_handler(change.complaint, agent)
            told = self._told("answered", change.complaint, answer=text)
            await change.apply(
                Event.ANSWER,
                actor_of(agent),
                text=text,
                tell=told,
                detail={"outcome": outcome.value},
                outcome=outcome.value,
                answer=text,
                answered_at=change.now,
                clock_stopped_on=bank_date(change.now),
            )
            await change.drop_extension_request()
            return change.complaint

    async def close(self, number: str, agent: Agent) -> Complaint:
        """End it; the customer may have it reopened for a time."""
        async with self._ledger.change(number) as change:
            require_handler(change.complaint, agent)
            today = bank_date(change.now)
            until = wording.day(self._days.reopen_until(today), today)
            told = self._told("closed", change.complaint, until=until)
            await change.apply(Event.CLOSE, actor_of(agent), tell=told, ended_at=change.now)
            return change.complaint

    async def reopen(self, number: str, agent: Agent, *, reason: str) -> Complaint:
        """Look at it again because the customer said so elsewhere, on the phone or at a branch.

        Raises ReopenTooLateError when `reopen_days` have passed since it was closed.
        """
        sealed = await self._sealed(number, reason)
        async with self._ledger.change(number) as change:
            require_handler(change.complaint, agent)
            today = bank_date(change.now)
            columns = new_round(change.complaint, today, self._days)
            told = self._told("reopened", change.complaint, due=wording.day(columns["due_on"], today))
            await change.apply(Event.REOPEN, actor_of(agent), text=sealed, tell=told, **columns)
            return change.complaint

    async def assign(self, number: str, agent: Agent, *, to: Agent) -> Complaint:
        """Make `to` its handler: a handler's or supervisor's right, or anybody's while it has none."""
        async with self._ledger.change(number) as change:
            require_handler(change.complaint, agent)
            await change.apply(Event.ASSIGN, actor_of(agent), detail={"to": to.name}, **handled_by(to))
            return change.complaint

    async def reclassify(
        self,
        number: str,
        agent: Agent,
        *,
        category: str,
        subcategory: str | None,
        complexity: Complexity,
        branch: str | None = None,
    ) -> Complaint:
        """Correct what the words were taken for; another complexity moves the day of the answer, which is told.

        Raises UnknownCategoryError, AlreadyExtendedError for the complexity of an extended clock, and
        DeadlinePassedError when the day has passed, or would have.
        """
        names = names_of(category, subcategory)
        async with self._ledger.change(number) as change:
            complaint = change.complaint
            require_handler(complaint, agent)
            columns: dict[str, Any] = {
                "category": category,
                "subcategory": subcategory,
                "branch": branch,
                "complexity": complexity.value,
            }
            told = None
            if complexity is not complaint.complexity:
                today = bank_date(change.now)
                columns["due_on"] = due_on = self._days.due_on(complexity, complaint.clock_started_on)
                if complaint.extended:
                    raise AlreadyExtendedError("the clock has been extended")
                if min(complaint.due_on, due_on) < today:
                    raise DeadlinePassedError("late stays late")
                told = self._told("due", complaint, due=wording.day(due_on, today))
            await change.apply(
                Event.RECLASSIFY,
                actor_of(agent),
                tell=told,
                detail={"category": "/".join(filter(None, names))},
                **columns,
            )
            return change.complaint

    async def note(self, number: str, agent: Agent, text: str, *, idempotency_key: str | None = None) -> Complaint:
        """Write something down for colleagues; once for each key."""
        sealed = await self._sealed(number, text)
        async with self._ledger.change(number) as change:
            await change.apply(Event.NOTE, actor_of(agent), text=sealed, idempotency_key=idempotency_key)
            return change.complaint

    async def _sealed(self, number: str, text: str) -> str:
        return await self._vault.seal((await self._ledger.find(number)).conversation_id, text)

    def _told(self, what: str, complaint: Complaint, **variables: object) -> str:
        return self._texts(f"utter_complaint_notice_{what}", number=complaint.number, **variables)

    @staticmethod
    def _due(change: ComplaintChange) -> str:
        return wording.day(change.complaint.due_on, bank_date(change.now))
