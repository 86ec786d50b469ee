"""How many customer-service messages WeChat lets through, and when."""

import pytest

from bot.channels.wechat.simulator.quota import CLOSED, SPENT, Occasion, Quota
from tests.fakes.clock import FakeClock


@pytest.fixture
def quota(clock: FakeClock) -> Quota:
    return Quota(clock)


def test_nothing_before_the_user_did_something(quota: Quota) -> None:
    assert (quota.left, quota.ends_at, quota.spend()) == (0, None, CLOSED)


def test_five_after_a_message(quota: Quota) -> None:
    quota.open(Occasion.MESSAGE)
    assert [quota.spend() for _ in range(6)] == [0] * 5 + [SPENT]


def test_a_message_opens_48_hours(quota: Quota, clock: FakeClock) -> None:
    quota.open(Occasion.MESSAGE)
    clock.advance(48 * 3600 - 1)
    assert quota.spend() == 0
    clock.advance(1)
    assert quota.spend() == CLOSED


@pytest.mark.parametrize("occasion", [Occasion.MENU, Occasion.FOLLOW, Occasion.SCAN])
def test_three_in_a_minute_after_an_event(quota: Quota, clock: FakeClock, occasion: Occasion) -> None:
    quota.open(occasion)
    assert [quota.spend() for _ in range(4)] == [0] * 3 + [SPENT]
    quota.open(occasion)
    clock.advance(60)
    assert quota.spend() == CLOSED


def test_a_second_message_begins_anew_and_adds_nothing(quota: Quota) -> None:
    quota.open(Occasion.MESSAGE)
    quota.spend()
    quota.open(Occasion.MESSAGE)
    assert quota.left == 5


def test_what_ends_first_is_used_first(quota: Quota, clock: FakeClock) -> None:
    quota.open(Occasion.MESSAGE)
    quota.open(Occasion.MENU)
    assert quota.left == 8
    quota.spend()
    clock.advance(60)
    assert quota.left == 5


def test_unfollowing_ends_everything(quota: Quota) -> None:
    quota.open(Occasion.MESSAGE)
    quota.close()
    assert quota.spend() == CLOSED
