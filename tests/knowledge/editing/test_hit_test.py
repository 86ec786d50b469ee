"""Asking the action server what would be answered."""

from collections.abc import Callable

import httpx
import pytest

from bot.knowledge.editing.hit_test import ActionServerHitTester, HitTestUnavailableError
from tests.fakes.knowledge import FakeHitTester


def through(handler: Callable[[httpx.Request], httpx.Response]) -> ActionServerHitTester:
    http = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return ActionServerHitTester(http, "http://actions/hit-test", "t" * 64, timeout_s=1)


async def test_the_action_server_is_asked_with_its_token() -> None:
    expected = await FakeHitTester().ask("卡丢了")

    def answered(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == f"Bearer {'t' * 64}"
        return httpx.Response(200, content=expected.model_dump_json())

    assert await through(answered).ask("卡丢了") == expected


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200, json={}), httpx.Response(200, text="?")])
async def test_anything_but_an_answer_is_a_fault(answer: httpx.Response) -> None:
    with pytest.raises(HitTestUnavailableError):
        await through(lambda _: answer).ask("卡丢了")
