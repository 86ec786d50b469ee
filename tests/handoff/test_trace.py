"""What agents do at the desk stands in the audit log."""

import httpx
from sqlalchemy import select

from bot.application import Gateway
from bot.gateway import create_app
from bot.privacy.tables import audit_log
from bot.staff.models import Agent
from tests.handoff.conftest import queued


async def test_reads_and_moves_are_audited_with_whose_data_it_is_and_why(
    gateway: Gateway, lin: Agent, demo_bank: None
) -> None:
    conversation_id = await queued(gateway)
    await gateway.identity.bind(conversation_id, "C1001")
    path = f"/api/desk/conversations/{conversation_id}"
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers={"X-Desk": "1"}) as desk:
        await desk.post("/api/desk/login", json={"login": "lin", "password": "correct horse"})
        await desk.get(path)
        await desk.post(f"{path}/claim")
        await desk.post(f"{path}/messages", json={"client_message_id": "a1", "text": "您好"})
        await desk.post(f"{path}/return", json={"note": "已处理"})
        await desk.get("/api/desk/conversations/nonsense")
    query = select(audit_log).where(audit_log.c.actor == f"agent:{lin.agent_id}").order_by(audit_log.c.id)
    async with gateway.foundation.db.read() as connection:
        rows = (await connection.execute(query)).all()
    assert [(row.action, row.reason) for row in rows if row.conversation_id] == [
        ("conversation.read", "desk: opened the conversation"),
        ("customer_card.read", "desk: opened the conversation"),
        ("conversation.claim", "serving the customer"),
        ("conversation.reply", "serving the customer"),
        ("conversation.return", "serving the customer"),
    ]
    assert {row.customer_id for row in rows if row.conversation_id} == {"C1001"}
