import pytest

from bot.bootstrap import Gateway
from bot.handoff.errors import DeskSessionError, LoginFailedError
from tests.fakes.clock import FakeClock


async def test_signing_in_and_out(gateway: Gateway) -> None:
    assert await gateway.agents.add("lin", "林晓", "correct horse")
    agent, session = await gateway.agents.sign_in("lin", "correct horse")
    assert await gateway.agents.of_session(session) == agent
    await gateway.agents.sign_out(session)
    with pytest.raises(DeskSessionError):
        await gateway.agents.of_session(session)


async def test_a_session_ends_after_a_working_day(gateway: Gateway, clock: FakeClock) -> None:
    await gateway.agents.add("lin", "林晓", "correct horse")
    _, session = await gateway.agents.sign_in("lin", "correct horse")
    clock.advance(seconds=12 * 3600 + 1)
    with pytest.raises(DeskSessionError):
        await gateway.agents.of_session(session)


@pytest.mark.parametrize(("login", "password"), [("lin", "wrong"), ("nobody", "correct horse"), ("", "")])
async def test_wrong_credentials_are_refused(gateway: Gateway, login: str, password: str) -> None:
    await gateway.agents.add("lin", "林晓", "correct horse")
    with pytest.raises(LoginFailedError):
        await gateway.agents.sign_in(login, password)


async def test_a_taken_login_stays_as_it_is(gateway: Gateway) -> None:
    await gateway.agents.add("lin", "林晓", "correct horse")
    assert not await gateway.agents.add("lin", "别人", "another")
    await gateway.agents.sign_in("lin", "correct horse")
