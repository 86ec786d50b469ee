import pytest

from bot.channels.wechat.errors import ReplayError, SignatureError
from bot.channels.wechat.replay import ReplayGuard
from bot.channels.wechat.tables import wechat_nonces
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


@pytest.fixture
def guard(db: Database, clock: FakeClock) -> ReplayGuard:
    return ReplayGuard(db, clock, window_s=300)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 300])
def test_a_timestamp_near_our_clock_passes(guard: ReplayGuard, clock: FakeClock, seconds: int) -> None:
    guard.check_time(str(int(clock().timestamp()) + seconds))


@pytest.mark.parametrize("timestamp", ["", "0", "-5", "1e9", "１７９５４０６４００", "9" * 12, "9" * 5000, "\x00"])
def test_any_other_timestamp_is_refused(guard: ReplayGuard, timestamp: str) -> None:
    with pytest.raises(SignatureError):
        guard.check_time(timestamp)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_or_future_timestamp_is_refused(guard: ReplayGuard, clock: FakeClock, seconds: int) -> None:
    with pytest.raises(SignatureError, match="too far"):
        guard.check_time(str(int(clock().timestamp()) + seconds))


async def test_a_nonce_is_good_for_one_content(guard: ReplayGuard) -> None:
    await guard.check_nonce("1795406400", "n", "body")
    await guard.check_nonce("1795406400", "n", "body")
    with pytest.raises(ReplayError):
        await guard.check_nonce("1795406400", "n", "another body")
    await guard.check_nonce("1795406400", "m", "another body")
    await guard.check_nonce("1795406401", "n", "another body")


async def test_nonces_are_forgotten_when_their_timestamp_is_no_longer_accepted(
    guard: ReplayGuard, clock: FakeClock, db: Database
) -> None:
    await guard.check_nonce("1795406400", "n", "body")
    clock.advance(seconds=601)
    await guard.check_nonce("1795407001", "m", "body")
    async with db.read() as connection:
        assert len((await connection.execute(wechat_nonces.select())).all()) == 1
