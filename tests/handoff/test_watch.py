"""The loop that looks."""

import asyncio

from bot.application import Gateway
from bot.background import running
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued


async def test_after_a_restart_desks_have_time_to_come_back(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.team.beat(lin.agent_id)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(300)  # the gateway was down
    async with running(gateway.watch.run()):
        await asyncio.sleep(0.3)  # many times what a look takes
    assert (await gateway.log.get(conversation_id)).agent_id == lin.agent_id
    await gateway.watch.look()  # what it does once they have had it
    assert (await gateway.log.get(conversation_id)).agent_id is None
