"""What can go wrong when somebody has to prove who they are."""

from datetime import datetime

from bot.errors import ZhangguiError
from bot.identity.principal import Level


class IdentityError(ZhangguiError):
    """Root of this subject's errors."""

    code = "identity"


class AssuranceRequiredError(IdentityError):
    """The operation needs a higher assurance level than the principal has, or a fresher step-up."""

    code = "assurance_required"

    def __init__(self, operation: str, required: Level) -> None:
        super().__init__(f"{operation} needs level {required}")
        self.operation = operation
        self.required = required


class WrongPrincipalError(IdentityError):
    """The operation is not for this kind of principal: a mistake of ours, not of the customer's."""

    code = "wrong_principal"


class ChallengeLockedError(IdentityError):
    """Too many wrong codes; no new code before `until`."""

    code = "challenge_locked"

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wrong codes")
        self.until = until


class ResendTooSoonError(IdentityError):
    """A code was sent moments ago and still holds; the next may be sent in `seconds`."""

    code = "resend_too_soon"

    def __init__(self, seconds: int) -> None:
        super().__init__("a code was sent moments ago")
        self.seconds = seconds


class TooManyCodesError(IdentityError):
    """As many codes were sent in a day as may be: to this phone, to this customer, or from this conversation."""

    code = "too_many_codes"


class UnknownCustomerError(IdentityError):
    """No customer can be challenged: nobody is bound and no usable phone number was given."""

    code = "unknown_customer"


class InvalidTokenError(IdentityError):
    """A site token or session is forged, expired, used before or meant for somebody else."""

    code = "invalid_token"


class SmsUnavailableError(IdentityError):
    """No short message can be sent, so nobody can prove who they are."""

    code = "sms_unavailable"


class SmsRefusedError(IdentityError):
    """The SMS gateway does not take this request and will not: signature, number or text."""

    code = "sms_refused"
