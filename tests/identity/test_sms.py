import pytest

from bot.identity.sms import ConsoleSms
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
