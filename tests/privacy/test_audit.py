import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Row, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.banking.models import AccountKind
from bot.privacy.audit import HEAD_FORGED, Audit
from bot.privacy.chain import START
from bot.privacy.tables import audit_head, audit_log
from bot.privacy.verify import AuditVerifier
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

SECRET = "a-secret-of-at-least-32-characters!"


@pytest.fixture
def audit(db: Database, clock: FakeClock) -> Audit:
    return Audit(db, clock, SECRET)


async def rows(db: Database) -> list[Row]:
    async with db.read() as connection:
        return list(await connection.execute(select(audit_log).order_by(audit_log.c.id)))


async def test_rows_are_appended_in_order(audit: Audit, db: Database, clock: FakeClock) -> None:
    await audit.record("customer", "balance.read", "C1", "c", {"card_tail": "1234", "kind": AccountKind.DEBIT})
    clock.advance(5)
    await audit.record("agent:a1", "customer_card.read", "C1", "c", {}, reason="desk: conversation opened")
    await audit.record("system", "seed", None, None, {"accounts": 13})
    found = await rows(db)
    assert [(row.id, row.action) for row in found] == [(1, "balance.read"), (2, "customer_card.read"), (3, "seed")]
    assert found[0].detail == {"card_tail": "1234", "kind": "debit"}
    assert (found[1].actor, found[1].at, found[2].customer_id) == ("agent:a1", clock(), None)
    assert [row.reason for row in found] == ["customer request", "desk: conversation opened", None]


async def test_a_reason_in_peoples_own_words_brings_no_personal_data(audit: Audit, db: Database) -> None:
    await audit.record("agent:a1", "phone.read", "C1", "c", {}, reason="客户来电13912340007，要求回拨13712340008")
    assert (await rows(db))[0].reason == "客户来电[手机号]，要求回拨[手机号]"


async def test_each_row_carries_the_hash_of_the_one_before(audit: Audit, db: Database) -> None:
    for _ in range(3):
        await audit.record("system", "same", None, None, {})
    found = await rows(db)
    assert [row.previous for row in found] == [START, found[0].hash, found[1].hash]
    assert len({row.hash for row in found}) == 3


async def test_nobody_computes_a_hash_without_the_secret(audit: Audit, db: Database, clock: FakeClock) -> None:
    await audit.record("system", "same", None, None, {})
    (row,) = await rows(db)
    assert not (await AuditVerifier(db, SECRET).verify()).breaks
    assert (await AuditVerifier(db, SECRET.upper()).verify()).breaks
    assert row.hash != START


async def test_a_transaction_taken_back_leaves_no_gap(audit: Audit, db: Database) -> None:
    await audit.record("system", "kept", None, None, {})
    with pytest.raises(RuntimeError):
        async with db.write() as connection:
            await audit.record("system", "lost", None, None, {}, connection=connection)
            raise RuntimeError
    await audit.record("system", "kept", None, None, {})
    assert [(row.id, row.action) for row in await rows(db)] == [(1, "kept"), (2, "kept")]
    assert not (await AuditVerifier(db, SECRET).verify()).breaks


async def test_two_processes_append_to_one_chain(db: Database, clock: FakeClock) -> None:
    """Gateway and action server: an engine each, many writers, some within transactions of their own."""
    other = Database(db.url.render_as_string(hide_password=False))
    here, there = Audit(db, clock, SECRET), Audit(other, clock, SECRET)

    async def within(audit: Audit, database: Database, n: int) -> None:
        async with database.write() as connection:
            await connection.execute(text("SELECT count(*) FROM conversations"))
            await audit.record("system", "within", None, f"c{n}", {}, connection=connection)

    alone = [each.record("system", "alone", None, f"c{n}", {}) for n in range(25) for each in (here, there)]
    try:
        both = [within(here, db, n) for n in range(15)] + [within(there, other, n) for n in range(15)]
        await asyncio.wait_for(asyncio.gather(*alone, *both), 60)
    finally:
        await other.close()
    found = await AuditVerifier(db, SECRET).verify()
    assert (found.rows, found.breaks, found.head.rows) == (80, (), 80)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'agent:b'",
        "UPDATE audit_log SET id = 7",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE id = 2",
    ],
)
async def test_the_database_refuses_changes(audit: Audit, db: Database, statement: str) -> None:
    await audit.record("customer", "balance.read", "C1", "c", {})
    await audit.record("customer", "balance.read", "C1", "c", {})
    with pytest.raises(DBAPIError, match="append-only"):
        async with db.write() as connection:
            await connection.execute(text(statement))
    assert len(await rows(db)) == 2


async def test_the_database_refuses_its_own_ways_around(audit: Audit, db: Database) -> None:
    await audit.record("customer", "balance.read", "C1", "c", {})
    way = "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log" if db.is_sqlite else "TRUNCATE audit_log"
    with pytest.raises(DBAPIError, match="append-only"):
        async with db.write() as connection:
            await connection.execute(text(way))


@pytest.mark.parametrize("gone", [False, True])
async def test_the_service_goes_on_after_the_head_was_forged_but_never_hides_it(
    audit: Audit, db: Database, clock: FakeClock, gone: bool
) -> None:
    for _ in range(3):
        await audit.record("system", "before", None, None, {})
    forged = audit_head.delete() if gone else update(audit_head).values(last_id=2)
    async with db.write() as connection:
        await connection.execute(forged)
    clock.advance(60)
    await audit.record("system", "after", None, None, {})
    await audit.record("system", "after", None, None, {})
    assert [(row.id, row.action) for row in (await rows(db))[3:]] == [(4, HEAD_FORGED), (5, "after"), (6, "after")]
    (found,) = (await AuditVerifier(db, SECRET).verify()).breaks
    assert found.row_id == 4
    assert f"{clock() - timedelta(0):%Y-%m-%d %H:%M}" in found.what
