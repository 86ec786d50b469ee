"""Whether an agent may make a move: the agents' part of the table in `bot/conversations/states.py`."""

from bot.conversations.conversation import Conversation
from bot.conversations.messages import State
from bot.conversations.states import MOVES, Event, Guard
from bot.handoff.errors import NotYoursError
from bot.staff.models import Agent

_GUARDS = {(move.event, move.guard) for move in MOVES}


def require(conversation: Conversation, event: Event, agent: Agent) -> None:
    """Raises NotYoursError where the table asks that the agent serves the conversation, and another or nobody does."""
    if (event, Guard.SERVES_IT) in _GUARDS:
        require_serving(conversation, agent)


def require_serving(conversation: Conversation, agent: Agent) -> None:
    """Raises NotYoursError unless the conversation is in this agent's hands."""
    if conversation.state is not State.AGENT or conversation.agent_id != agent.agent_id:
        raise NotYoursError(conversation.conversation_id)
