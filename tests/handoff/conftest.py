import pytest

from bot.application import Gateway
from bot.conversations.rasa import HandoffWish
from bot.staff.models import Agent
from tests.staff.people import hire


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


@pytest.fixture
async def zhou(gateway: Gateway) -> Agent:
    return await hire(gateway, "zhou")


async def queued(gateway: Gateway, reason: str = "asked") -> str:
    """A conversation that waits for a person."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.queue(change, HandoffWish(reason))
    return conversation_id
