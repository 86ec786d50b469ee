"""The loop that looks: in one process at a time, and not stopped by what goes wrong."""

import asyncio

from prometheus_client import REGISTRY

from bot import metrics
from bot.application import Gateway
from bot.background import running
from bot.staff.models import Agent
from bot.storage.leases import Lease
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued


async def test_every_process_counts_though_one_acts(gateway: Gateway, lin: Agent) -> None:
    base = gateway.foundation
    assert await Lease(base.db, base.clock, "handoff_watch", seconds=30).take()  # another process
    await gateway.team.beat(lin.agent_id)
    metrics.AGENTS_ONLINE.set(-1)
    async with running(gateway.watch.run()):
        async with asyncio.timeout(30):
            while REGISTRY.get_sample_value("zhanggui_agents_online") != 1:
                await asyncio.sleep(0.01)


async def test_after_a_restart_desks_have_time_to_come_back(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.team.beat(lin.agent_id)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(300)  # the gateway was down
    metrics.AGENTS_ONLINE.set(-1)
    async with running(gateway.watch.run()):
        async with asyncio.timeout(30):
            while REGISTRY.get_sample_value("zhanggui_agents_online") != 0:
                await asyncio.sleep(0.01)
    assert (await gateway.log.get(conversation_id)).agent_id == lin.agent_id
