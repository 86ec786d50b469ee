"""What can go wrong with a desk outside."""

from bot.errors import UnavailableError
from bot.handoff.errors import HandoffError


class OutsideDeskError(HandoffError):
    """Root of this subject's errors."""

    code = "outside_desk"


class OutsideDeskUnavailableError(OutsideDeskError, UnavailableError):
    """The desk is down, slow or throttles us; `retry_after_s` is how long it wants to be left alone, where told."""

    code = "outside_desk_unavailable"

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OutsideDeskRefusedError(OutsideDeskError):
    """The desk refuses what we ask: a wrong token, inbox or account, or data that it does not take."""

    code = "outside_desk_refused"


class OutsideConversationGoneError(OutsideDeskError):
    """The conversation was deleted out there."""

    code = "outside_conversation_gone"


class UnsignedWebhookError(OutsideDeskError):
    """A webhook that the desk did not sign, or not just now."""

    code = "unsigned_webhook"


class MalformedWebhookError(OutsideDeskError):
    """A signed webhook that we cannot read."""

    code = "malformed_webhook"
