"""Who may do what: operation → kind of principal, assurance level, and how old the step-up may be.

The services behind the ports ask here, for every call of core banking and CRM; the dialogue never decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.identity.errors import AssuranceRequiredError, WrongPrincipalError
from bot.identity.principal import Level, Principal, StaffPrincipal, SystemPrincipal


@dataclass(frozen=True)
class Requirement:
    """What an operation asks of whoever wants it. Only customers have levels."""

    level: Level = Level.ANONYMOUS
    max_age_s: int | None = None
    """Seconds since the one-time code was passed; given where the level is STEPPED_UP."""
    by: type[Principal | StaffPrincipal | SystemPrincipal] = Principal


_ANYBODY = Requirement()
_BOUND = Requirement(Level.BOUND)
_PROVED = Requirement(Level.STEPPED_UP, max_age_s=600)
_JUST_PROVED = Requirement(Level.STEPPED_UP, max_age_s=300)
_STAFF = Requirement(by=StaffPrincipal)
_SYSTEM = Requirement(by=SystemPrincipal)

POLICY: dict[str, Requirement] = {
    # The customer's own money.
    "account.list": _PROVED,
    "balance.read": _PROVED,
    "transactions.read": _PROVED,
    "credit_card.read": _PROVED,
    "points.read": _BOUND,
    # Blocking protects the customer and costs little when wrong, while the phone may be lost with the card.
    "card.list": _BOUND,
    "card.block": _BOUND,
    # What the bank knows of the customer.
    "profile.read": _BOUND,
    # Only as asterisks, to the customer who asks where codes go.
    "phone.show": _BOUND,
    # The number on file is where the code goes and whom the bank calls; the customer does not see it.
    "phone.challenge": _BOUND,
    "phone.complaint": _BOUND,
    # A binding lasts, so undoing one takes what making one took. A session on the web ends when its customer likes,
    # and so does a step-up: both only lower the level.
    "binding.end": _JUST_PROVED,
    "session.end": _ANYBODY,
    "step_up.end": _ANYBODY,
    # Complaints.
    "complaint.file": _ANYBODY,
    "complaint.list": _BOUND,
    "complaint.read": _BOUND,
    "complaint.add": _BOUND,
    "complaint.withdraw": _BOUND,
    "complaint.reopen": _BOUND,
    # Colleagues at the desk.
    "customer_card.read": _STAFF,
    "customer_name.read": _STAFF,
    "complaint_contact.read": _STAFF,
    "contact.reveal": _STAFF,
    # The system. A stranger names a phone, and a code can only be sent once its customer is found.
    "customer.find": _SYSTEM,
    # Who waits for a person: the segment says in which class of the line.
    "customer.route": _SYSTEM,
    # Who unfollowed long ago is not there to ask.
    "binding.expire": _SYSTEM,
    # An administrator carries out what a customer has the right to; who and why is in the audit log.
    "customer.export": _SYSTEM,
    "customer.erase": _SYSTEM,
    # Each write was allowed when it was put into the outbox, with the change it belongs to.
    "crm.deliver": _SYSTEM,
    # Names of fields, no customer's data.
    "crm.check": _SYSTEM,
}

LONGEST_STEP_UP_S = max(rule.max_age_s for rule in POLICY.values() if rule.max_age_s is not None)
"""A step-up older than this is good for nothing, and the customer is at level 1 again."""


def require(who: Principal, operation: str, now: datetime) -> None:
    """Return if the customer may do `operation` at `now`; an unlisted operation is a KeyError.

    Raises AssuranceRequiredError when the customer has to prove more, or anew, and WrongPrincipalError when the
    operation is no customer's.
    """
    rule = POLICY[operation]
    if rule.by is not Principal:
        raise WrongPrincipalError(operation)
    if who.level < rule.level or (rule.level > Level.ANONYMOUS and who.customer_id is None):
        raise AssuranceRequiredError(operation, rule.level)
    if rule.max_age_s is not None and not _is_fresh(who, now, rule.max_age_s):
        raise AssuranceRequiredError(operation, rule.level)


def permit(who: StaffPrincipal | SystemPrincipal, operation: str) -> None:
    """Return if `operation` is of the colleagues', or of the system's; raises WrongPrincipalError otherwise."""
    if POLICY[operation].by is not type(who):
        raise WrongPrincipalError(operation)


def customer_of(who: Principal, operation: str, now: datetime) -> str:
    """The customer id for an operation on one's own data, after `require`."""
    require(who, operation, now)
    if who.customer_id is None:
        raise AssuranceRequiredError(operation, Level.BOUND)
    return who.customer_id


def _is_fresh(who: Principal, now: datetime, max_age_s: int) -> bool:
    return who.stepped_up_at is not None and now < who.stepped_up_at + timedelta(seconds=max_age_s)
