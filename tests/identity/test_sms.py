import pytest

from bot.bootstrap import build_foundation
from bot.identity.errors import SmsUnavailableError
from bot.identity.sms import ConsoleSms
from bot.settings import Settings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


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
    secret = "s" * 32
    settings = Settings(environment="production", secret_key=secret, site_token_keys={"k": secret})
    with pytest.raises(SmsUnavailableError):
        await build_foundation(settings, db=db, clock=clock).sms.send("13900000001", "验证码123456")
