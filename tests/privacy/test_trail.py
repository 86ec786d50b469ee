from datetime import timedelta

import pytest

from bot.privacy.audit import Audit
from bot.privacy.trail import READ, AuditPage, AuditQuery, AuditTrail
from bot.privacy.verify import AuditVerifier
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

SECRET = "a-secret-of-at-least-32-characters!"


@pytest.fixture
async def trail(db: Database, clock: FakeClock) -> AuditTrail:
    """Rows 1 to 5, an hour apart."""
    audit = Audit(db, clock, SECRET)
    for actor, action, customer_id, conversation_id in (
        ("customer", "balance.read", "C1", "c1"),
        ("agent:lin", "complaint.read", "C1", "c1"),
        ("agent:lin", "complaint.close", "C2", "c2"),
        ("agent:wu", "complaint.read", "C2", "c2"),
        ("system", "complaint_x", None, None),
    ):
        await audit.record(actor, action, customer_id, conversation_id, {}, reason="asked")
        clock.advance(3600)
    return AuditTrail(db, audit)


async def ids(trail: AuditTrail, query: AuditQuery) -> list[int]:
    page: AuditPage = await trail.search(query, reader="admin:root", reason="review")
    return [entry.entry_id for entry in page.entries if entry.action != READ]


async def test_filters(trail: AuditTrail, clock: FakeClock) -> None:
    start = clock() - timedelta(hours=5)
    assert await ids(trail, AuditQuery()) == [5, 4, 3, 2, 1]
    assert await ids(trail, AuditQuery(customer_id="C1")) == [2, 1]
    assert await ids(trail, AuditQuery(actor="agent:lin")) == [3, 2]
    assert await ids(trail, AuditQuery(action="complaint.")) == [4, 3, 2]
    assert await ids(trail, AuditQuery(action="complaint_")) == [5]
    assert await ids(trail, AuditQuery(conversation_id="c2", action="complaint.close")) == [3]
    assert await ids(trail, AuditQuery(since=start + timedelta(hours=1), until=start + timedelta(hours=3))) == [3, 2]


async def test_pages_follow_each_other_to_the_end(trail: AuditTrail) -> None:
    seen, before, pages = [], None, 0
    while True:
        query = AuditQuery(action="complaint.")
        page = await trail.search(query, reader="admin:root", reason="review", before=before, limit=2)
        seen += [entry.entry_id for entry in page.entries]
        before, pages = page.before, pages + 1
        if before is None:
            break
    assert (seen, pages) == ([4, 3, 2], 2)
    with pytest.raises(ValueError, match="one entry"):
        await trail.search(AuditQuery(), reader="admin:root", reason="review", limit=0)


async def test_reading_is_audited_with_its_reason(trail: AuditTrail, db: Database) -> None:
    query = AuditQuery(customer_id="C1", action="complaint.")
    await trail.search(query, reader="agent:auditor", reason="the customer asked who has read")
    page = await trail.search(AuditQuery(action=READ), reader="admin:root", reason="review")
    first = page.entries[-1]
    assert (first.actor, first.customer_id, first.detail) == ("agent:auditor", "C1", {"action": "complaint."})
    assert first.reason == "the customer asked who has read"
    assert not (await AuditVerifier(db, SECRET).verify()).breaks
