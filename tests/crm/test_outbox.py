"""What waits for the CRM, and how it gets there."""

import asyncio
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import insert, select

from bot.background import running
from bot.crm.deliverer import OutboxDeliverer
from bot.crm.errors import CrmRejectedError, CrmUnavailableError, UnknownWriteError
from bot.crm.models import Case, CaseDraft, CaseState, CaseUpdate
from bot.crm.outbox import CrmOutbox
from bot.crm.tables import crm_outbox
from bot.crm.writes import AddNote, CrmWrite, EscalateCase, OpenCase, UpdateCase, WriteInteraction, from_json, to_json
from bot.privacy.audit import Audit
from bot.privacy.tables import audit_log
from bot.storage.database import Database
from bot.storage.leases import Lease
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm

SECRET = "a secret of thirty-two characters"
A, B = "TS2026112300015", "TS2026112300023"


def opened(number: str) -> OpenCase:
    draft = CaseDraft(number, "C1", "conv-1", "手机银行", "转账失败", "13900000091", date(2026, 12, 8))
    return OpenCase(draft, f"{number}:open")


def note(number: str, text: str) -> AddNote:
    return AddNote(number, text, f"{number}:{text}")


ALL_KINDS: list[CrmWrite] = [
    opened(A),
    UpdateCase(A, CaseUpdate(state=CaseState.ANSWERED, due_on=date(2026, 12, 9), resolution="已退款"), "k2"),
    note(A, "客户催办"),
    EscalateCase(A, "提到监管部门", "k4"),
    WriteInteraction("C1", "conv-1", "咨询网点", "k5"),
]


@pytest.fixture
def crm() -> FakeCrm:
    return FakeCrm()


@pytest.fixture
def outbox(db: Database, clock: FakeClock) -> CrmOutbox:
    return CrmOutbox(db, clock, Audit(db, clock, SECRET), SECRET)


def deliverer(
    outbox: CrmOutbox, crm: FakeCrm, db: Database, clock: FakeClock, *, write_s: float = 5
) -> OutboxDeliverer:
    lease = Lease(db, clock, "crm_outbox", seconds=60)
    return OutboxDeliverer(outbox, crm, lease, write_s=write_s, look_s=60, retry_first_s=5, retry_most_s=60)


@pytest.fixture
def delivering(outbox: CrmOutbox, crm: FakeCrm, db: Database, clock: FakeClock) -> OutboxDeliverer:
    return deliverer(outbox, crm, db, clock)


async def keep(db: Database, outbox: CrmOutbox, writes: Sequence[CrmWrite]) -> None:
    async with db.write() as connection:
        for write in writes:
            await outbox.add(connection, write)


@pytest.mark.parametrize("write", ALL_KINDS, ids=lambda write: write.kind)
def test_a_write_survives_being_kept(write: CrmWrite) -> None:
    assert from_json(to_json(write)) == write


async def test_everything_arrives_in_order_and_leaves_nothing(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer
) -> None:
    await keep(db, outbox, ALL_KINDS)
    assert await delivering.deliver() == 5
    assert await outbox.waiting() == []
    case = await crm.case(A)
    assert case is not None
    assert (case.state, case.resolution, case.escalated) == (CaseState.ANSWERED, "已退款", True)
    assert "客户催办" in case.notes


async def test_what_a_rolled_back_change_wrote_does_not_wait(db: Database, outbox: CrmOutbox) -> None:
    with pytest.raises(RuntimeError):
        async with db.write() as connection:
            await outbox.add(connection, opened(A))
            raise RuntimeError
    assert await outbox.waiting() == []


async def test_the_same_key_waits_once(db: Database, outbox: CrmOutbox) -> None:
    await keep(db, outbox, [opened(A), opened(A)])
    assert len(await outbox.waiting()) == 1


async def test_nothing_personal_lies_in_clear(db: Database, outbox: CrmOutbox) -> None:
    await keep(db, outbox, [opened(A)])
    async with db.read() as connection:
        row = (await connection.execute(select(crm_outbox))).one()
    assert "13900000091" not in repr(row)
    assert "转账失败".encode() not in row.sealed


async def test_while_the_crm_is_away_all_waits_and_pauses_grow(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer, clock: FakeClock
) -> None:
    await keep(db, outbox, [opened(A), note(A, "催办")])
    crm.is_down = True
    for pause in (5, 10, 20, 40, 60, 60):
        assert await delivering.deliver() == 0
        first = (await outbox.waiting())[0]
        assert (first.next_at - clock()).total_seconds() == pause
        clock.advance(pause)
    crm.is_down = False
    assert await delivering.deliver() == 2
    case = await crm.case(A)
    assert case is not None
    assert case.notes == ("催办",)


async def test_a_crm_that_names_a_time_is_left_alone_until_then(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer, clock: FakeClock
) -> None:
    await keep(db, outbox, [opened(A)])
    crm.failures = [CrmUnavailableError("throttled", retry_after_s=120)]
    await delivering.deliver()
    clock.advance(119)
    assert await delivering.deliver() == 0
    clock.advance(1)
    assert await delivering.deliver() == 1


async def test_a_refused_write_is_parked_and_stops_only_its_subject(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer
) -> None:
    await keep(db, outbox, [opened(A), note(A, "催办"), opened(B)])
    crm.failures = [CrmRejectedError("field Reason is too long")]
    await delivering.deliver()
    parked, behind = await outbox.waiting()
    assert (parked.subject, parked.error) == (A, "field Reason is too long")
    assert parked.parked_at is not None
    assert behind.attempts == 0
    assert await crm.case(B) is not None
    assert await outbox.counts() == (1, 1)

    await outbox.retry(parked.write_id, "admin")
    assert await delivering.deliver() == 2
    assert await outbox.counts() == (0, 0)


async def test_what_fails_keeps_its_place_while_other_subjects_go_on(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer, clock: FakeClock
) -> None:
    await keep(db, outbox, [opened(A), note(A, "一"), opened(B), note(A, "二"), note(B, "三")])
    crm.failures = [CrmUnavailableError("record locked")]
    await delivering.deliver()
    assert await delivering.deliver() == 2
    assert [write.subject for write in await outbox.waiting()] == [A, A, A]
    clock.advance(5)
    assert await delivering.deliver() == 3
    assert [case.notes for number in (A, B) if (case := await crm.case(number))] == [("一", "二"), ("三",)]


@pytest.mark.parametrize("error", [KeyError("13900000091"), None], ids=["unforeseen", "endless"])
async def test_what_no_adapter_foresaw_is_put_off_and_blocks_nobody_else(
    db: Database, outbox: CrmOutbox, clock: FakeClock, error: Exception | None
) -> None:
    class Odd(FakeCrm):
        async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
            if error is not None:
                raise error
            await asyncio.Event().wait()

    crm = Odd()
    delivering = deliverer(outbox, crm, db, clock, write_s=0.1)
    await keep(db, outbox, [opened(A), note(A, "催办"), opened(B)])
    assert [await delivering.deliver() for _ in range(2)] == [1, 1]
    (put_off,) = await outbox.waiting()
    assert (put_off.kind, put_off.attempts, put_off.parked_at) == ("add_note", 1, None)
    assert put_off.error is not None
    assert "13900000091" not in put_off.error


async def test_a_discarded_write_lets_the_rest_through_and_is_remembered(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer
) -> None:
    await keep(db, outbox, [note(A, "没有这个工单"), WriteInteraction(None, A, "咨询", "k")])
    await delivering.deliver()
    parked, _ = await outbox.waiting()
    assert parked.parked_at is not None
    await outbox.discard(parked.write_id, "agent:wu", "重复的备注")
    assert await delivering.deliver() == 1
    async with db.read() as connection:
        entry = (await connection.execute(select(audit_log))).one()
    assert (entry.actor, entry.action) == ("agent:wu", "crm_outbox.discard")
    assert entry.reason == "重复的备注"
    for gone in (outbox.retry(parked.write_id, "a"), outbox.discard(parked.write_id, "a", "")):
        with pytest.raises(UnknownWriteError):
            await gone


async def test_what_does_not_open_is_parked_and_the_rest_goes_on(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer, clock: FakeClock
) -> None:
    async with db.write() as connection:
        broken = {"kind": "add_note", "subject": A, "idempotency_key": "x", "sealed": b"nonsense" * 4}
        await connection.execute(insert(crm_outbox).values(**broken, created_at=clock(), attempts=0, next_at=clock()))
    await keep(db, outbox, [opened(B)])
    assert await delivering.deliver() == 1
    (parked,) = await outbox.waiting()
    assert parked.parked_at is not None


async def test_two_deliverers_never_deliver_at_once(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, clock: FakeClock
) -> None:
    second = deliverer(outbox, crm, db, clock)
    taken_by_second: list[int] = []

    class Slow(FakeCrm):
        async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
            taken_by_second.append(await second.deliver())
            return await super().open_case(case, idempotency_key=idempotency_key)

    first = deliverer(outbox, Slow(), db, clock)
    await keep(db, outbox, [opened(A), opened(B)])
    assert await first.deliver() == 2
    assert taken_by_second == [0, 0]


async def test_a_deliverer_that_died_is_followed_by_another_and_nothing_comes_twice(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, clock: FakeClock
) -> None:
    class Dying(FakeCrm):
        async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
            await crm.open_case(case, idempotency_key=idempotency_key)
            raise SystemExit  # after the CRM has it, before we know

    await keep(db, outbox, [opened(A), opened(B)])
    dead, living = deliverer(outbox, Dying(), db, clock), deliverer(outbox, crm, db, clock)
    dead._lease.release = _nothing  # type: ignore[method-assign]  # a dead process gives nothing back
    with pytest.raises(SystemExit):
        await dead.deliver()
    assert await living.deliver() == 0
    clock.advance(60)
    assert await living.deliver() == 2
    assert len(crm.cases) == 2


async def test_a_nudge_delivers_at_once(
    db: Database, outbox: CrmOutbox, crm: FakeCrm, delivering: OutboxDeliverer
) -> None:
    async with running(delivering.run()):
        await asyncio.sleep(0)
        await keep(db, outbox, [opened(A)])
        outbox.nudge()
        async with asyncio.timeout(10):  # far less than the minute until the next look
            while await crm.case(A) is None:
                await asyncio.sleep(0.01)


async def _nothing() -> None:
    """What a dead process does."""
