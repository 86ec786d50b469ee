"""What can go wrong in the CRM."""

from bot.errors import UnavailableError, ZhangguiError


class CrmError(ZhangguiError):
    """Root of this subject's errors."""

    code = "crm"


class CrmUnavailableError(CrmError, UnavailableError):
    """The CRM is down, slow, throttles us or gives us no token: the same call may succeed later.

    `retry_after_s` is how long it is pointless to ask again, where that is known; None leaves it to the caller.
    """

    code = "crm_unavailable"

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.passes_soon = retry_after_s is None


class CrmRejectedError(CrmError):
    """The CRM refuses what we ask (invalid data, no permission): as it is, it will never succeed."""

    code = "crm_rejected"


class UnknownCaseError(CrmRejectedError):
    """The CRM has no case of this number."""

    code = "unknown_case"

    def __init__(self, number: str) -> None:
        super().__init__(f"no case {number}")
        self.number = number


class InvalidMappingError(CrmError):
    """The mapping file cannot be read, or lacks what we need."""

    code = "invalid_crm_mapping"


class UnknownWriteError(CrmError):
    """No such write waits in the outbox (any more)."""

    code = "unknown_write"

    def __init__(self, write_id: int) -> None:
        super().__init__(f"no write {write_id} waits")
        self.write_id = write_id
