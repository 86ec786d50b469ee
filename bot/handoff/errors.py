"""What can go wrong at the desk."""

from bot.errors import ZhangguiError


class HandoffError(ZhangguiError):
    """Root of this subject's errors."""

    code = "handoff"


class AlreadyClaimedError(HandoffError):
    """Another agent was faster, or the customer no longer waits."""

    code = "already_claimed"


class NotYoursError(HandoffError):
    """The conversation is not in this agent's hands."""

    code = "not_yours"


class LoginFailedError(HandoffError):
    """Unknown login or wrong password; which of both is not told."""

    code = "login_failed"


class DeskSessionError(HandoffError):
    """The desk session is unknown or has expired."""

    code = "invalid_desk_session"
