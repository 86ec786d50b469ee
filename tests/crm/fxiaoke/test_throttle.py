import os

import pytest

from bot.crm.errors import CrmUnavailableError
from bot.crm.fxiaoke.throttle import Throttle

QUERY = "/cgi/crm/v2/data/query"
REDIS_URL = os.environ.get("TEST_REDIS_URL")


async def test_sixty_calls_in_twenty_seconds_and_no_more() -> None:
    throttle = Throttle(None)
    for _ in range(60):
        await throttle.take(QUERY)
    with pytest.raises(CrmUnavailableError) as caught:
        await throttle.take(QUERY)
    assert caught.value.retry_after_s is not None
    assert 0 < caught.value.retry_after_s <= 20


async def test_each_interface_counts_for_itself() -> None:
    throttle = Throttle(None)
    for _ in range(60):
        await throttle.take(QUERY)
    await throttle.take("/cgi/crm/v2/data/create")


@pytest.mark.services
@pytest.mark.skipif(REDIS_URL is None, reason="make test-services gives TEST_REDIS_URL")
async def test_with_redis_workers_count_together() -> None:
    one, other = Throttle(REDIS_URL), Throttle(REDIS_URL)
    path = f"{QUERY}/{os.getpid()}"
    for _ in range(30):
        await one.take(path)
        await other.take(path)
    with pytest.raises(CrmUnavailableError):
        await one.take(path)
