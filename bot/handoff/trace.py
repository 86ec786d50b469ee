"""What agents do with a conversation, in the audit log."""

from typing import Any

from bot.application import Gateway
from bot.staff.models import Agent


async def trace(
    gateway: Gateway,
    agent: Agent,
    action: str,
    conversation_id: str,
    *,
    reason: str,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append that the agent reads or changes the conversation, or what `detail` says of it, and whose it is."""
    who = await gateway.identity.principal(conversation_id)
    await gateway.foundation.audit.record(
        agent.actor, action, who.customer_id, conversation_id, detail or {}, reason=reason
    )
