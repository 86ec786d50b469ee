"""What the CRM is told of a service: who served the customer, why, and what came of it. What was said stays here."""

from typing import Any

from sqlalchemy import Row, select

from bot.conversations.change import Change
from bot.crm.outbox import CrmOutbox
from bot.crm.writes import WriteInteraction
from bot.identity.service import IdentityService
from bot.staff.tables import agents
from bot.texts import Texts


class CrmNotice:
    """Writes into the outbox within the change that ends the service."""

    def __init__(self, identity: IdentityService, outbox: CrmOutbox, texts: Texts) -> None:
        self._identity = identity
        self._outbox = outbox
        self._texts = texts

    async def served(self, change: Change, handoff: Row[Any], agent_name: str | None = None) -> None:
        """`handoff` is the row that has just ended; the agent's name is that of the account, unless it is told."""
        conversation_id = change.conversation.conversation_id
        customer_id = (await self._identity.principal(conversation_id)).customer_id
        name = agent_name or await change.connection.scalar(
            select(agents.c.name).where(agents.c.agent_id == handoff.agent_id)
        )
        why = self._texts(f"utter_reason_{handoff.reason}")
        served = self._texts("utter_note_interaction", reason=why, agent=name)
        summary = "\n".join(filter(None, (served, handoff.agent_note)))
        key = f"{conversation_id}:handoff:{handoff.handoff_id}"
        await self._outbox.add(change.connection, WriteInteraction(customer_id, conversation_id, summary, key))
        change.after_commit(self._nudge)

    async def _nudge(self) -> None:
        self._outbox.nudge()
