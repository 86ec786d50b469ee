"""A complaint's way through the outbox into Zoho, with everything going wrong that may."""

import random

import pytest

from bot.crm.deliverer import OutboxDeliverer
from bot.crm.models import CaseState, CaseUpdate
from bot.crm.outbox import CrmOutbox
from bot.crm.writes import AddNote, CrmWrite, EscalateCase, OpenCase, UpdateCase, WriteInteraction
from bot.crm.zoho.adapter import ZohoCrm
from bot.privacy.audit import Audit
from bot.storage.database import Database
from bot.storage.leases import Lease
from tests.contracts.crm import NUMBER, draft
from tests.fakes.clock import FakeClock
from tests.stubs.faults import Fault
from tests.stubs.zoho.server import Zoho

LIFE: list[CrmWrite] = [
    OpenCase(draft(), "open"),
    WriteInteraction("C1", "conv-1", "投诉：转账失败", "talk"),
    UpdateCase(NUMBER, CaseUpdate(state=CaseState.IN_PROGRESS, owner="林晓"), "accept"),
    AddNote(NUMBER, "客户来电催办", "note-1"),
    EscalateCase(NUMBER, "客户称将向监管部门反映", "escalate"),
    AddNote(NUMBER, "客户来电催办", "note-2"),
    UpdateCase(NUMBER, CaseUpdate(state=CaseState.ANSWERED, resolution="款项已退回原账户"), "answer"),
]
AWAY = {"code": "TOO_MANY_REQUESTS", "details": {}, "message": "slow down", "status": "error"}
TROUBLES = [
    {"kind": "cut"},
    {"kind": "cut_after"},
    {"kind": "answer", "status": 500, "body": "<html>oops</html>"},
    {"kind": "answer", "status": 429, "body": AWAY},
]


@pytest.mark.parametrize("seed", range(6))
async def test_all_arrives_once_and_in_order(
    crm: ZohoCrm, zoho: Zoho, db: Database, clock: FakeClock, seed: int
) -> None:
    outbox = CrmOutbox(db, clock, Audit(db, clock, "s" * 32), "s" * 32)
    delivering = OutboxDeliverer(
        outbox, crm, Lease(db, clock, "crm_outbox", seconds=60), write_s=30, look_s=60, retry_first_s=5, retry_most_s=60
    )
    async with db.write() as connection:
        for write in LIFE:
            await outbox.add(connection, write)
    dice = random.Random(seed)
    zoho.store.index_lag_s = dice.choice([0, 3600])
    while await outbox.waiting():
        if len(zoho.faults.calls) < 60:
            for _ in range(dice.randrange(3)):
                await zoho.faults.add(Fault(**dice.choice(TROUBLES), match=dice.choice(["POST", "PUT", "GET"])))
        if dice.random() < 0.3:
            zoho.tokens.clear()
        await delivering.deliver()
        assert all(write.parked_at is None for write in await outbox.waiting())
        clock.advance(400)

    [case] = zoho.store.records["Cases"].values()
    assert (case["Status"], case["Handler"], case["Solution"]) == ("Answered", "林晓", "款项已退回原账户")
    assert case["Is_Escalated"] is True
    noted = [note["Note_Content"] for note in zoho.store.records["Notes"].values()]
    assert noted == ["客户来电催办", "客户称将向监管部门反映", "客户来电催办"]
    assert len(zoho.store.records["Interactions"]) == 1
