"""An agent serves a customer in WeChat: what the desk knows of the budget, and the pictures it shows."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.channels.wechat.api import Media
from bot.channels.wechat.budget import Budget
from bot.channels.wechat.users import Users
from bot.conversations.fanout import conversation_topic
from bot.conversations.messages import Author, Draft
from bot.conversations.rasa import HandoffWish
from bot.gateway import create_app
from bot.handoff.desk_stream import _frames
from bot.privacy.tables import audit_log
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.fakes.wechat import FakeWechat
from tests.handoff.conftest import queued

OPENID = "o-wang-fang"


@pytest.fixture
async def desk(gateway: Gateway, lin: Agent) -> AsyncIterator[httpx.AsyncClient]:
    """The desk, with lin signed in."""
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers={"X-Desk": "1"})
    async with client:
        await client.post("/api/desk/login", json={"login": "lin", "password": "correct horse"})
        yield client


@pytest.fixture
async def conversation(gateway: Gateway, clock: FakeClock, lin: Agent) -> str:
    """A WeChat user who has just written, in lin's hands."""
    base = gateway.foundation
    user = await Users(base.db, base.log, clock).of(OPENID)
    await Budget(base.db, clock).opened_by_message(OPENID)
    async with gateway.log.change(user.conversation_id) as change:
        await gateway.handoff.queue(change, HandoffWish("asked"))
    await gateway.handoff.claim(user.conversation_id, lin)
    return user.conversation_id


async def shown(desk: httpx.AsyncClient, conversation_id: str) -> dict[str, object]:
    answer: dict[str, object] = (await desk.get(f"/api/desk/conversations/{conversation_id}")).json()
    return answer


async def test_the_agent_sees_what_is_left_and_what_waits(
    desk: httpx.AsyncClient, gateway: Gateway, wechat: FakeWechat, conversation: str
) -> None:
    assert gateway.wechat is not None
    for number in range(6):
        body = {"client_message_id": f"a{number}", "text": f"第{number}句。"}
        await desk.post(f"/api/desk/conversations/{conversation}/messages", json=body)
        await gateway.wechat.delivery.push(conversation)
    assert (await shown(desk, conversation))["reach"] == {"left": 0, "ends_at": "2026-11-25T04:00:00+00:00", "held": 1}
    assert wechat.texts(OPENID)[-1] == "第4句。"


async def test_nothing_limits_what_is_said_on_the_web(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    assert (await shown(desk, await queued(gateway)))["reach"] is None


async def test_the_desk_is_told_when_a_message_has_left(gateway: Gateway, conversation: str) -> None:
    assert gateway.wechat is not None
    async with gateway.fanout.subscribe(conversation_topic(conversation)) as signals:
        await gateway.wechat.delivery.push(conversation)
        signal = await signals.next(1)
    (frame,) = await _frames(gateway, signal, {conversation: 3})
    assert frame["type"] == "delivery"
    assert frame["reach"]["left"] == 4


async def picture(gateway: Gateway, conversation_id: str) -> int:
    """The number of a message with a picture."""
    async with gateway.log.change(conversation_id) as change:
        image = {"image": {"media_id": "M1", "pic_url": "http://mmbiz.qpic.cn/1"}}
        return (await change.append(Draft(Author.CUSTOMER, "[图片]", metadata=image))).seq


async def test_the_agent_sees_a_customers_picture(
    desk: httpx.AsyncClient, gateway: Gateway, wechat: FakeWechat, conversation: str, lin: Agent
) -> None:
    wechat.files["M1"] = Media(b"\x89PNG", "image/png")
    seq = await picture(gateway, conversation)
    messages = (await shown(desk, conversation))["messages"]
    assert isinstance(messages, list)
    assert messages[-1]["picture"] is True
    assert "M1" not in str(messages)
    answer = await desk.get(f"/api/desk/conversations/{conversation}/pictures/{seq}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"\x89PNG", "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    query = select(audit_log).where(audit_log.c.action == "picture.read")
    async with gateway.foundation.db.read() as connection:
        (entry,) = (await connection.execute(query)).all()
    assert (entry.actor, entry.conversation_id, entry.detail) == (lin.actor, conversation, {"seq": seq})


async def test_a_picture_that_wechat_no_longer_has(
    desk: httpx.AsyncClient, gateway: Gateway, conversation: str
) -> None:
    seq = await picture(gateway, conversation)
    answer = await desk.get(f"/api/desk/conversations/{conversation}/pictures/{seq}")
    assert (answer.status_code, answer.json()["code"]) == (410, "picture_gone")


async def test_what_a_browser_might_run_is_not_shown(
    desk: httpx.AsyncClient, gateway: Gateway, wechat: FakeWechat, conversation: str
) -> None:
    wechat.files["M1"] = Media(b"<svg onload='alert(1)'/>", "image/svg+xml")
    seq = await picture(gateway, conversation)
    assert (await desk.get(f"/api/desk/conversations/{conversation}/pictures/{seq}")).status_code == 410


async def test_no_picture_without_signing_in_or_without_one(
    desk: httpx.AsyncClient, gateway: Gateway, conversation: str
) -> None:
    assert (await desk.get(f"/api/desk/conversations/{conversation}/pictures/1")).status_code == 404
    assert (await desk.get("/api/desk/conversations/nonsense/pictures/1")).status_code == 404
    seq = await picture(gateway, conversation)
    await desk.post("/api/desk/logout")
    assert (await desk.get(f"/api/desk/conversations/{conversation}/pictures/{seq}")).status_code == 401
