"""Whatever people do in whatever order: no forbidden move, no state, notice or CRM write lost."""

import itertools
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.complaints.errors import ComplaintError
from bot.complaints.ledger import Ledger
from bot.complaints.models import Complaint, ComplaintState, Complexity, Outcome
from bot.complaints.states import RUNNING, Event, after, possible
from bot.crm.models import CaseState
from bot.crm.outbox import CrmOutbox
from bot.crm.writes import CrmWrite
from bot.storage.database import Database
from tests.complaints.conftest import DAYS, DRAFT, LIN, SECRET, WU, ZHOU, Bank

CASE_STATES = {
    ComplaintState.RECEIVED: CaseState.OPEN,
    ComplaintState.ANSWERED: CaseState.ANSWERED,
    ComplaintState.CLOSED: CaseState.CLOSED,
    ComplaintState.WITHDRAWN: CaseState.WITHDRAWN,
}
_keys = itertools.count()

Step = Callable[[Bank, str], Awaitable[Complaint]]
STEPS: dict[str, tuple[Event, Step]] = {
    "accept": (Event.ACCEPT, lambda bank, number: bank.desk.accept(number, LIN)),
    "accept_too": (Event.ACCEPT, lambda bank, number: bank.desk.accept(number, ZHOU)),
    "investigate": (Event.INVESTIGATE, lambda bank, number: bank.desk.investigate(number, WU)),
    "answer": (
        Event.ANSWER,
        lambda bank, number: bank.desk.answer(number, WU, outcome=Outcome.UPHELD, text="已退款。"),
    ),
    "close": (Event.CLOSE, lambda bank, number: bank.desk.close(number, WU)),
    "withdraw": (Event.WITHDRAW, lambda bank, number: bank.service.withdraw(bank.wang, number)),
    "reopen": (Event.REOPEN, lambda bank, number: bank.service.reopen(bank.wang, number, "不满意")),
    "add": (
        Event.ADD,
        lambda bank, number: bank.service.add(bank.wang, number, "补充", idempotency_key=f"add-{next(_keys)}"),
    ),
    "assign": (Event.ASSIGN, lambda bank, number: bank.desk.assign(number, WU, to=ZHOU)),
    "request": (Event.EXTEND, lambda bank, number: bank.extensions.request(number, WU, reason="待查")),
    "approve": (Event.EXTEND, lambda bank, number: bank.extensions.approve(number, WU)),
    "request_too": (Event.EXTEND, lambda bank, number: bank.extensions.request(number, LIN, reason="待查")),
    "complex": (
        Event.RECLASSIFY,
        lambda bank, number: bank.desk.reclassify(
            number, WU, category="loan", subcategory=None, complexity=Complexity.COMPLEX
        ),
    ),
}
USUAL = ("accept", "investigate", "answer", "close", "reopen")
TOLD = {Event.ACCEPT, Event.INVESTIGATE, Event.ANSWER, Event.CLOSE}
"""What the bank does; what customers do in their conversation the dialogue answers."""


@pytest.mark.parametrize("state", ComplaintState)
def test_the_table_offers_what_it_lets_happen(state: ComplaintState) -> None:
    for event in Event:
        if event in possible(state):
            assert after(state, event) in ComplaintState
        else:
            with pytest.raises(ComplaintError):
                after(state, event)


def test_a_running_complaint_may_always_be_withdrawn_and_a_withdrawn_one_is_over() -> None:
    assert all(Event.WITHDRAW in possible(state) for state in RUNNING)
    assert possible(ComplaintState.WITHDRAWN) == [Event.NOTE]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(USUAL)),
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from([0, 1, 7, 31])), max_size=12),
)
async def test_every_life(bank: Bank, usual: int, steps: list[tuple[str, int]]) -> None:
    complaint = await bank.service.file(bank.wang, DRAFT, idempotency_key=f"life-{next(_keys)}")
    number = complaint.number
    for name, days in [*((name, 0) for name in USUAL[:usual]), *steps]:
        bank.clock.advance(days=days)
        event, step = STEPS[name]
        before = await _seen(bank, number)
        try:
            after_it = await step(bank, number)
        except ComplaintError:
            assert await _seen(bank, number) == before
            continue
        assert after_it.state is after(complaint.state, event)
        assert len(await _news(bank, number)) - len(before[2]) == _expected_news(name, complaint, after_it)
        assert (after_it.due_on - after_it.clock_started_on).days <= 60
        complaint = after_it
    await _ends_whole(bank, complaint)


def _expected_news(name: str, before: Complaint, after_it: Complaint) -> int:
    moved = before.due_on != after_it.due_on and name in ("approve", "complex")
    return int(STEPS[name][0] in TOLD or moved)


async def _seen(bank: Bank, number: str) -> tuple[Complaint, int, list[str], int]:
    detail = await bank.overview.detail(number, LIN)
    waiting = [write for write in await bank.outbox.waiting() if write.subject == number]
    return detail.listed.complaint, len(detail.timeline), await _news(bank, number), len(waiting)


async def _news(bank: Bank, number: str) -> list[str]:
    return [text for text in await bank.told(bank.wang) if number in text]


async def _ends_whole(bank: Bank, complaint: Complaint) -> None:
    """The timeline leads to the state without a gap, every notice stands in it, and the CRM has arrived there too."""
    timeline = (await bank.overview.detail(complaint.number, LIN)).timeline
    state = timeline[0].state
    for entry in timeline[1:]:
        state = after(state, Event(entry.event))
        assert entry.state is state
    assert state is complaint.state
    assert [entry.seq for entry in timeline] == list(range(1, len(timeline) + 1))
    assert [entry.told for entry in timeline if entry.told] == await _news(bank, complaint.number)
    case = await bank.case(complaint.number)
    assert case.state is CASE_STATES.get(complaint.state, CaseState.IN_PROGRESS)
    assert case.due_on == complaint.due_on


class BrokenOutbox(CrmOutbox):
    """An outbox whose table is gone."""

    async def add(self, connection: object, write: CrmWrite) -> None:
        raise OSError("no room")


async def test_a_change_that_breaks_off_leaves_nothing_behind(bank: Bank, db: Database) -> None:
    number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
    before = await _seen(bank, number)
    ledger = Ledger(db, bank.log, BrokenOutbox(db, bank.clock, bank.audit, SECRET))
    with pytest.raises(OSError, match="no room"):
        await type(bank.desk)(ledger, bank.vault, bank.texts, DAYS).accept(number, LIN)
    assert await _seen(bank, number) == before
