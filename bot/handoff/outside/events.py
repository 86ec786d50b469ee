"""What colleagues at the desk outside do, as moves of our own conversations.

Webhooks come twice, late, or in another order than things happened; so nothing here counts on either. Everything
raises UnknownConversationError, AlreadyClaimedError and NotYoursError where the conversation is not theirs (any more).
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.conversations.conversation import Conversation
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, State
from bot.handoff.errors import AlreadyClaimedError
from bot.handoff.outside.agent import OUTSIDE
from bot.handoff.outside.errors import OutsideDeskError
from bot.handoff.outside.mirrors import Mirrors
from bot.handoff.outside.port import Ended, Happening, Joined, OutsideDesk, Replied
from bot.handoff.outside.wording import FROM_OUTSIDE
from bot.handoff.service import HandoffService
from bot.identity.service import IdentityService
from bot.privacy.audit import Audit
from bot.staff.accounts import Accounts
from bot.staff.models import Agent
from bot.texts import Texts

_REASON = "outside desk: serving the customer"


class OutsideEvents:
    """The first who takes a conversation or answers claims it; whoever comes later speaks for the same account."""

    def __init__(
        self,
        log: ConversationLog,
        handoff: HandoffService,
        accounts: Accounts,
        identity: IdentityService,
        audit: Audit,
        texts: Texts,
        *,
        desk: OutsideDesk,
        mirrors: Mirrors,
    ) -> None:
        self._log = log
        self._handoff = handoff
        self._accounts = accounts
        self._identity = identity
        self._audit = audit
        self._texts = texts
        self._desk = desk
        self._mirrors = mirrors

    async def happened(self, event: Happening) -> None:
        """Do here what was done out there; what is about a conversation that is none of ours is nothing."""
        found = await self._mirrors.conversation_of(event.outside_id)
        if found is None:
            return
        conversation_id, handoff_id = found
        agent = replace(OUTSIDE, name=event.agent or OUTSIDE.name)
        match event:
            case Replied():
                await self._reply(conversation_id, agent, event)
            case Joined() if handoff_id is not None:
                await self._claim(await self._log.get(conversation_id), agent)
            case Ended(outside_id=outside_id, to_bot=to_bot) if handoff_id is not None:
                if not await self._is_open(outside_id):
                    await self._finish(await self._log.get(conversation_id), agent, to_bot=to_bot)

    async def _reply(self, conversation_id: str, agent: Agent, event: Replied) -> None:
        message_id = f"{FROM_OUTSIDE}{event.message_id}"
        async with self._log.change(conversation_id) as change:
            if await change.sent_before(Author.AGENT, message_id) is not None:
                return  # before claiming: the customer may have asked for a person once more since
        parts = [event.text] if event.text else []
        if event.has_attachments:
            parts.append(self._texts("utter_outside_attachment"))
        if not parts:
            return
        await self._claim(await self._log.get(conversation_id), agent)
        await self._handoff.reply(conversation_id, agent, message_id, "\n".join(parts))
        await self._trace(agent, "conversation.reply", conversation_id)

    async def _claim(self, conversation: Conversation, agent: Agent) -> None:
        if conversation.state is not State.QUEUED:
            return
        await self._accounts.add_elsewhere(OUTSIDE)
        with suppress(AlreadyClaimedError):  # by another of them: the same account; else what follows is refused
            await self._handoff.claim(conversation.conversation_id, agent)
            await self._trace(agent, "conversation.claim", conversation.conversation_id)

    async def _finish(self, conversation: Conversation, agent: Agent, *, to_bot: bool) -> None:
        """Close it, or give it back to the bot; so also where nobody has said a word: there is nothing to rate."""
        conversation_id = conversation.conversation_id
        if conversation.state is State.QUEUED:
            await self._claim(conversation, agent)
            to_bot = True
        elif conversation.state is not State.AGENT or conversation.agent_id != OUTSIDE.agent_id:
            return  # over already, and perhaps by ourselves: this is the echo
        if to_bot:
            await self._handoff.give_back(conversation_id, agent)
        else:
            await self._handoff.close(conversation_id, agent)
        await self._trace(agent, "conversation.return" if to_bot else "conversation.close", conversation_id)

    async def _is_open(self, outside_id: str) -> bool:
        """As it is now: since the webhook was sent, we may have opened the conversation for the next handoff."""
        try:
            return await self._desk.is_open(outside_id)
        except OutsideDeskError:
            return False  # then what the webhook says is all we know

    async def _trace(self, agent: Agent, action: str, conversation_id: str) -> None:
        who = await self._identity.principal(conversation_id)
        detail: dict[str, Any] = {}
        await self._audit.record(agent.actor, action, who.customer_id, conversation_id, detail, reason=_REASON)
