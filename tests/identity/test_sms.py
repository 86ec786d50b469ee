import pytest

from bot.bootstrap import build_foundation
from bot.identity.errors import SmsUnavailableError
from bot.identity.sms import ConsoleSms
from bot.storage.database import Database
from tests.contracts.sms import Arrived, SmsSenderContract
from tests.fakes.clock import FakeClock
from tests.fakes.production import production
from tests.fakes.sms import FakeSms


class TestConsoleSms(SmsSenderContract):
    @pytest.fixture
    def sender(self, db: Database, clock: FakeClock) -> ConsoleSms:
        return ConsoleSms(db, clock)

    @pytest.fixture
    def arrived(self, sender: ConsoleSms) -> Arrived:
        async def told() -> list[tuple[str, str]]:
            return [(sms.phone, sms.text) for sms in await sender.latest()]

        return told


class TestFakeSms(SmsSenderContract):
    @pytest.fixture
    def sender(self) -> FakeSms:
        return FakeSms()

    @pytest.fixture
    def arrived(self, sender: FakeSms) -> Arrived:
        async def told() -> list[tuple[str, str]]:
            return sender.sent

        return told


async def test_prints_and_keeps(db: Database, clock: FakeClock, capsys: pytest.CaptureFixture[str]) -> None:
    sms = ConsoleSms(db, clock)
    await sms.send("13900000091", "验证码 100001")
    clock.advance(5)
    await sms.send("13900000092", "验证码 100002")
    await sms.send("13900000091", "验证码 100003")
    assert capsys.readouterr().out.count("\n") == 3
    assert [m.text for m in await sms.latest("13900000091")] == ["验证码 100003", "验证码 100001"]
    assert [m.text for m in await sms.latest(limit=2)] == ["验证码 100003", "验证码 100002"]
    assert (await sms.latest("13900000092"))[0].sent_at == clock()
    assert await sms.latest("13900000099") == []


async def test_production_prints_no_codes(db: Database, clock: FakeClock) -> None:
    base = build_foundation(production(), db=db, clock=clock)
    with pytest.raises(SmsUnavailableError):
        await base.sms.send("13900000001", "验证码123456")


@pytest.mark.parametrize("phone", ["13900000001", "13900000099"])
async def test_without_a_gateway_customers_and_strangers_are_refused_alike(
    db: Database, clock: FakeClock, demo_bank: None, phone: str
) -> None:
    base = build_foundation(production(), db=db, clock=clock)
    sealed = await base.vault.seal("conv-1", phone)
    with pytest.raises(SmsUnavailableError):
        await base.identity.start_challenge("conv-1", resume="/check_balance", phone=sealed)
