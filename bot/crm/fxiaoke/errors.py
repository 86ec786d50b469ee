"""What Fxiaoke's `errorCode` means to us. Its messages change and may hold personal data: they are not looked at."""

from datetime import datetime, time, timedelta

from bot.clock import BANK_ZONE
from bot.crm.errors import CrmError, CrmRejectedError, CrmUnavailableError

TOKEN_CODES = frozenset({20016, 20005, 11014})
"""The token has ended or is not known."""
_THROTTLE_CODES = frozenset({14001, 30004})
_THROTTLE_S = 20.0
_PASSING_CODES = TOKEN_CODES | {-2, -1, 50009}
_QUOTA_CODE = 30002
_ACCOUNT_CODES = frozenset({30003, 20006, 20015, 20020, 20021, 20022})
"""No API pack, a wrong secret, an app that is switched off: no write is to be given up because of these."""
_ACCOUNT_S = 3600.0


def error_of(call: str, code: int, trace_id: str, now: datetime) -> CrmError:
    """The error for a code that is not 0; `trace_id` is what Fxiaoke's support asks for."""
    told = f"{call}: errorCode {code}, traceId {trace_id}"
    if code in _THROTTLE_CODES:
        return CrmUnavailableError(told, _THROTTLE_S)
    if code == _QUOTA_CODE:
        return CrmUnavailableError(told, _until_midnight_s(now))
    if code in _ACCOUNT_CODES:
        return CrmUnavailableError(told, _ACCOUNT_S)
    return CrmUnavailableError(told) if code in _PASSING_CODES else CrmRejectedError(told)


def _until_midnight_s(now: datetime) -> float:
    """The quota of a day starts anew at midnight, China's time."""
    tomorrow = now.astimezone(BANK_ZONE).date() + timedelta(days=1)
    return (datetime.combine(tomorrow, time(), BANK_ZONE) - now).total_seconds()
