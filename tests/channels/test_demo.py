import httpx

from bot.application import Gateway
from bot.conversations.messages import State
from bot.gateway import create_app
from bot.identity.sms import ConsoleSms
from tests.fakes.clock import FakeClock
from tests.fakes.production import production


async def test_a_demo_customer_signs_in(http: httpx.AsyncClient, gateway: Gateway, demo_bank: None) -> None:
    first = (await http.get("/demo/customers")).json()[0]
    token = (await http.post("/demo/token", json={"customer_id": first["customer_id"]})).json()["token"]
    opened = (await http.post("/api/chat/sessions", json={"token": token})).json()
    who = await gateway.identity.principal(opened["conversation_id"])
    assert who.customer_id == first["customer_id"]
    assert (await gateway.log.get(opened["conversation_id"])).state is State.BOT


async def test_nobody_else_gets_a_token(http: httpx.AsyncClient) -> None:
    assert (await http.post("/demo/token", json={"customer_id": "somebody"})).status_code == 404


async def test_a_customer_sees_the_own_messages_only(
    http: httpx.AsyncClient, gateway: Gateway, clock: FakeClock, demo_bank: None
) -> None:
    outbox = ConsoleSms(gateway.foundation.db, clock)
    gateway.foundation.sms = outbox
    await outbox.send("13900000001", "给王建国")
    await outbox.send("13900000002", "给李秀英")
    conversation_id = (await gateway.log.open("web")).conversation_id
    everybody = (await http.get("/demo/sms", params={"conversation_id": conversation_id})).json()
    assert [m["text"] for m in everybody] == ["给李秀英", "给王建国"]
    await gateway.identity.bind(conversation_id, "C1001")
    (own,) = (await http.get("/demo/sms", params={"conversation_id": conversation_id})).json()
    assert (own["phone"], own["text"]) == ("139****0001", "给王建国")


async def test_production_has_no_demo(gateway: Gateway) -> None:
    app = create_app(production(), gateway)
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for path in ("/", "/demo/customers", "/demo/sms"):
            assert (await client.get(path)).status_code == 404
