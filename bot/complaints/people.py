"""Who of the bank may go on with a complaint."""

from typing import Any

from bot.complaints.errors import NotHandlerError, OwnRequestError, SupervisorRequiredError
from bot.complaints.models import Actor, Complaint
from bot.staff.models import Agent


def actor_of(agent: Agent) -> Actor:
    """The agent as the timeline names them."""
    return Actor("agent", agent.agent_id, agent.name)


def handled_by(agent: Agent) -> dict[str, Any]:
    """The columns that make `agent` the handler."""
    return {"handler_id": agent.agent_id, "handler_name": agent.name}


def require_handler(complaint: Complaint, agent: Agent) -> None:
    """The handler, a supervisor, or anybody while there is no handler. Raises NotHandlerError."""
    if complaint.handler_id not in (None, agent.agent_id) and not agent.is_supervisor:
        raise NotHandlerError("somebody else works on it")


def require_second_pair_of_eyes(requested_by: str, agent: Agent) -> None:
    """A supervisor who is not the one who asked. Raises SupervisorRequiredError, OwnRequestError."""
    if not agent.is_supervisor:
        raise SupervisorRequiredError("a supervisor decides")
    if requested_by == agent.agent_id:
        raise OwnRequestError("another supervisor decides")
