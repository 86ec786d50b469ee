"""Which operation needs which assurance level. The services behind the ports ask here; the dialogue never decides."""

from bot.identity.errors import AssuranceRequiredError
from bot.identity.principal import Level, Principal

REQUIRED_LEVEL: dict[str, Level] = {
    "account.list": Level.STEPPED_UP,
    "balance.read": Level.STEPPED_UP,
    "transactions.read": Level.STEPPED_UP,
    "credit_card.read": Level.STEPPED_UP,
    "points.read": Level.BOUND,
    # Blocking protects the customer and costs little when wrong, while the phone may be lost with the card.
    "card.list": Level.BOUND,
    "card.block": Level.BOUND,
    "profile.read": Level.BOUND,
    "complaint.file": Level.ANONYMOUS,
    "complaint.list": Level.BOUND,
    "complaint.read": Level.BOUND,
}


def require(principal: Principal, operation: str) -> None:
    """Raise AssuranceRequiredError unless `principal` may do `operation`; an unlisted operation is a KeyError."""
    required = REQUIRED_LEVEL[operation]
    if principal.level < required:
        raise AssuranceRequiredError(operation, required)


def customer_of(principal: Principal, operation: str) -> str:
    """The customer id for an operation on one's own data, after `require`."""
    require(principal, operation)
    if principal.customer_id is None:
        raise AssuranceRequiredError(operation, Level.BOUND)
    return principal.customer_id
