"""What Zoho's error codes mean to us."""

from typing import Any

from bot.crm.errors import CrmError, CrmRejectedError, CrmUnavailableError

TOKEN_CODES = frozenset({"INVALID_TOKEN", "AUTHENTICATION_FAILURE"})
THROTTLE_CODES = frozenset({"TOO_MANY_REQUESTS", "LIMIT_EXCEEDED"})
_PASSING_CODES = TOKEN_CODES | THROTTLE_CODES | {"RECORD_LOCKED", "INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"}


class ZohoRejectedError(CrmRejectedError):
    """Zoho refuses with `reason`, one of its codes (INVALID_DATA, MANDATORY_NOT_FOUND, …)."""

    def __init__(self, call: str, reason: str, field: str | None) -> None:
        super().__init__(f"{call}: {reason}{f' ({field})' if field else ''}")
        self.reason = reason


def error_of(call: str, fault: dict[str, Any]) -> CrmError:
    """The error for Zoho's `{code, status, message, details}`; of the details only the field's name is told."""
    code = str(fault.get("code", ""))
    if code in _PASSING_CODES:
        return CrmUnavailableError(f"{call}: {code}")
    details = fault.get("details")
    field = details.get("api_name") if isinstance(details, dict) else None
    return ZohoRejectedError(call, code, field)
