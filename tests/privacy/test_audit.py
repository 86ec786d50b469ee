from sqlalchemy import select

from bot.privacy.audit import Audit
from bot.privacy.tables import audit_log
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


async def test_rows_are_appended_in_order(db: Database, clock: FakeClock) -> None:
    audit = Audit(db, clock)
    await audit.record("customer", "balance.read", "C1", "c", {"card_tail": "1234"})
    clock.advance(5)
    await audit.record("agent:a1", "customer_card.read", "C1", "c", {})
    await audit.record("system", "seed", None, None, {"accounts": 13})
    async with db.read() as connection:
        rows = (await connection.execute(select(audit_log).order_by(audit_log.c.id))).all()
    assert [row.action for row in rows] == ["balance.read", "customer_card.read", "seed"]
    assert rows[0].detail == {"card_tail": "1234"}
    assert (rows[1].actor, rows[1].at, rows[2].customer_id) == ("agent:a1", clock(), None)
