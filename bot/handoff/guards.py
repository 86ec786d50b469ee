"""Whether an agent may make a move: the agents' part of the table in `bot/conversations/states.py`."""

from bot.conversations.conversation import Conversation
from bot.conversations.messages import State
from bot.conversations.states import MOVES, Event, Guard, Who
from bot.handoff.errors import NotYoursError, SupervisorsOnlyError
from bot.staff.models import Agent

_GUARDS = {(move.event, move.guard) for move in MOVES}
_OF_SUPERVISORS = {move.event for move in MOVES if move.who is Who.SUPERVISOR}


def require(conversation: Conversation, event: Event, agent: Agent) -> None:
    """Raises NotYoursError where the table asks that the agent serves the conversation, and another or nobody does.

    Raises SupervisorsOnlyError where it is not for agents. What else the table asks is checked with the rows at hand.
    """
    if event in _OF_SUPERVISORS and not agent.is_supervisor:
        raise SupervisorsOnlyError(conversation.conversation_id)
    if (event, Guard.SERVES_IT) in _GUARDS:
        require_serving(conversation, agent)


def require_serving(conversation: Conversation, agent: Agent) -> None:
    """Raises NotYoursError unless the conversation is in this agent's hands."""
    if conversation.state is not State.AGENT or conversation.agent_id != agent.agent_id:
        raise NotYoursError(conversation.conversation_id)
