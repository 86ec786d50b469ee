from datetime import date

from bot.crm.demo import demo_customers, seed
from bot.crm.sql import SqlCrm
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

TODAY = date(2026, 11, 23)


async def test_seeding_adds_every_customer_once(db: Database, clock: FakeClock) -> None:
    assert await seed(db, TODAY) == len(demo_customers()) == 5
    assert await seed(db, TODAY) == 0
    crm = SqlCrm(db, clock)
    for customer in demo_customers():
        profile = await crm.profile(customer.customer_id)
        assert profile is not None
        assert profile.name == customer.name
        assert await crm.find_by_phone(profile.phone) == customer.customer_id


async def test_the_situations_differ(db: Database, clock: FakeClock) -> None:
    await seed(db, TODAY)
    crm = SqlCrm(db, clock)
    profiles = [await crm.profile(customer.customer_id) for customer in demo_customers()]
    levels = {p.name: p.valid_risk_level(TODAY) for p in profiles if p is not None}
    assert levels == {"王建国": "C3", "李秀英": "C1", "陈晓宇": None, "张伟": "C5", "赵敏": None}
