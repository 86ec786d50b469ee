import pytest

from bot.application import Gateway
from bot.conversations.errors import InvalidSessionError
from tests.fakes.clock import FakeClock


async def test_a_session_leads_to_its_conversation(gateway: Gateway) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    session = await gateway.sessions.open(conversation_id)
    assert await gateway.sessions.resolve(session) == conversation_id


async def test_unknown_and_expired_sessions_are_refused(gateway: Gateway, clock: FakeClock) -> None:
    session = await gateway.sessions.open((await gateway.log.open("web")).conversation_id)
    clock.advance(seconds=gateway.settings.session_ttl_s + 1)
    for bad in (session, "made-up", ""):
        with pytest.raises(InvalidSessionError):
            await gateway.sessions.resolve(bad)


async def test_use_prolongs_a_session(gateway: Gateway, clock: FakeClock) -> None:
    session = await gateway.sessions.open((await gateway.log.open("web")).conversation_id)
    for _ in range(5):
        clock.advance(seconds=gateway.settings.session_ttl_s // 2)
        await gateway.sessions.resolve(session)
