"""The loop that looks: in one process at a time, and not stopped by what goes wrong."""

import asyncio

from prometheus_client import REGISTRY

from bot import metrics
from bot.application import Gateway
from bot.background import running
from bot.staff.models import Agent
from bot.storage.leases import Lease


async def test_every_process_counts_though_one_acts(gateway: Gateway, lin: Agent) -> None:
    base = gateway.foundation
    assert await Lease(base.db, base.clock, "handoff_watch", seconds=30).take()  # another process
    await gateway.team.beat(lin.agent_id)
    metrics.AGENTS_ONLINE.set(-1)
    async with running(gateway.watch.run()):
        async with asyncio.timeout(30):
            while REGISTRY.get_sample_value("zhanggui_agents_online") != 1:
                await asyncio.sleep(0.01)
