"""Who may do what at the desk: the one table that every route of `/api/desk` goes by."""

from enum import Enum
from typing import Literal, get_args

Role = Literal["agent", "supervisor", "editor", "auditor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


class Operation(str, Enum):
    """What a route of the desk does."""

    OWN_SESSION = "own_session"
    """One's own session, password and devices."""
    CONVERSATIONS_READ = "conversations.read"
    CONVERSATIONS_SERVE = "conversations.serve"
    TEAM_LEAD = "team.lead"
    """Say who can do what, and step in where a colleague serves."""
    WALL = "wall"
    """Watch the queue and the agents' load, and take the rows behind it away."""
    CANNED_REPLIES_EDIT = "canned_replies.edit"
    PICTURES_READ = "pictures.read"
    """What customers photograph cannot be masked."""
    REVEAL = "customers.reveal"
    """See a masked value, with a reason."""
    COMPLAINTS_READ = "complaints.read"
    COMPLAINTS_WORK = "complaints.work"
    COMPLAINTS_APPROVE = "complaints.approve"
    COMPLAINTS_EXPORT = "complaints.export"
    OUTBOX_READ = "outbox.read"
    OUTBOX_WORK = "outbox.work"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_EDIT = "knowledge.edit"
    KNOWLEDGE_APPROVE = "knowledge.approve"
    """Publish or send back what another person has written."""
    ACCOUNTS = "accounts"


_SERVICE: frozenset[Role] = frozenset({"agent", "supervisor"})
_OBSERVERS: frozenset[Role] = _SERVICE | {"auditor"}

PERMISSIONS: dict[Operation, frozenset[Role]] = {
    Operation.OWN_SESSION: frozenset(ROLES),
    Operation.CONVERSATIONS_READ: _OBSERVERS,
    Operation.CONVERSATIONS_SERVE: _SERVICE,
    Operation.TEAM_LEAD: frozenset({"supervisor"}),
    Operation.WALL: frozenset({"supervisor"}),
    Operation.CANNED_REPLIES_EDIT: frozenset({"supervisor"}),
    Operation.PICTURES_READ: _SERVICE,
    Operation.REVEAL: _SERVICE,
    Operation.COMPLAINTS_READ: _OBSERVERS,
    Operation.COMPLAINTS_WORK: _SERVICE,
    Operation.COMPLAINTS_APPROVE: frozenset({"supervisor"}),
    Operation.COMPLAINTS_EXPORT: frozenset({"supervisor"}),
    Operation.OUTBOX_READ: frozenset({"supervisor", "auditor"}),
    Operation.OUTBOX_WORK: frozenset({"supervisor"}),
    Operation.KNOWLEDGE_READ: frozenset({"editor", "supervisor", "auditor"}),
    Operation.KNOWLEDGE_EDIT: frozenset({"editor"}),
    Operation.KNOWLEDGE_APPROVE: frozenset({"editor", "supervisor"}),
    Operation.ACCOUNTS: frozenset({"admin"}),
}


def may(role: Role, operation: Operation) -> bool:
    """Whether people of this role may do it."""
    return role in PERMISSIONS[operation]
