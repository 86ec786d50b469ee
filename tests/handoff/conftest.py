import pytest

from bot.bootstrap import Gateway
from bot.conversations.rasa import HandoffWish
from bot.handoff.agents import Agent


async def agent_of(gateway: Gateway, login: str) -> Agent:
    await gateway.agents.add(login, f"座席{login}", "correct horse")
    agent, _ = await gateway.agents.sign_in(login, "correct horse")
    return agent


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await agent_of(gateway, "lin")


@pytest.fixture
async def zhou(gateway: Gateway) -> Agent:
    return await agent_of(gateway, "zhou")


async def queued(gateway: Gateway, reason: str = "asked") -> str:
    """A conversation that waits for a person."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.queue(change, HandoffWish(reason))
    return conversation_id
