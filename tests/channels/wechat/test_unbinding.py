"""A binding ends some time after its user has left the account."""

import pytest

from bot.application import Gateway
from bot.channels.wechat.unbinding import Unbinder
from bot.channels.wechat.users import Users
from bot.identity.principal import Level
from tests.fakes.clock import FakeClock


@pytest.fixture
def users(gateway: Gateway, clock: FakeClock) -> Users:
    return Users(gateway.foundation.db, gateway.log, clock)


@pytest.fixture
def unbinder(gateway: Gateway, users: Users, clock: FakeClock) -> Unbinder:
    return Unbinder(users, gateway.identity, gateway.log, gateway.texts, clock, after_days=30)


async def bound(gateway: Gateway, users: Users, openid: str) -> str:
    conversation_id = (await users.of(openid)).conversation_id
    await gateway.identity.bind(conversation_id, "C1")
    return conversation_id


async def level(gateway: Gateway, conversation_id: str) -> Level:
    return (await gateway.identity.principal(conversation_id)).level


async def test_who_left_long_ago_is_bound_no_more(
    gateway: Gateway, users: Users, unbinder: Unbinder, clock: FakeClock
) -> None:
    conversation_id = await bound(gateway, users, "o1")
    await users.unfollow("o1")
    clock.advance(days=29)
    await unbinder.sweep()
    assert await level(gateway, conversation_id) is Level.BOUND
    clock.advance(days=1, seconds=1)
    await unbinder.sweep()
    await unbinder.sweep()
    assert await level(gateway, conversation_id) is Level.ANONYMOUS
    (note,) = await gateway.log.messages(conversation_id)
    assert "绑定已经解除" in note.text


async def test_who_stayed_or_came_back_keeps_the_binding(
    gateway: Gateway, users: Users, unbinder: Unbinder, clock: FakeClock
) -> None:
    stayed, returned = await bound(gateway, users, "o1"), await bound(gateway, users, "o2")
    await users.unfollow("o2")
    clock.advance(days=10)
    await users.follow("o2")
    clock.advance(days=300)
    await unbinder.sweep()
    assert [await level(gateway, stayed), await level(gateway, returned)] == [Level.BOUND, Level.BOUND]
