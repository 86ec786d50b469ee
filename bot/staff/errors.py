"""What can go wrong with the accounts and sessions of the bank's people."""

from bot.errors import ZhangguiError


class StaffError(ZhangguiError):
    """Root of this subject's errors."""

    code = "staff"


class LoginFailedError(StaffError):
    """Unknown login, wrong password, or a disabled account; which of them is not told."""

    code = "login_failed"


class WrongCodeError(StaffError):
    """The one-time or recovery code is wrong or was used before."""

    code = "wrong_code"


class LoginLockedError(StaffError):
    """Too many wrong passwords or codes for this login, whether it exists or not."""

    code = "login_locked"


class PendingSignInError(StaffError):
    """The sign-in was not begun, took too long, or wants another step."""

    code = "sign_in_expired"


class DeskSessionError(StaffError):
    """The desk session is unknown, has ended or was revoked."""

    code = "invalid_desk_session"


class DeskLockedError(StaffError):
    """Nobody has used the desk session for a while: the password opens it again."""

    code = "desk_locked"


class WeakPasswordError(StaffError):
    """The password is too short, too common, or the login itself."""

    code = "weak_password"


class LoginTakenError(StaffError):
    """Another account has this login."""

    code = "login_taken"


class UnknownAccountError(StaffError):
    """There is no such account or session."""

    code = "unknown_account"


class OwnAccountError(StaffError):
    """Nobody manages the own account: another admin does."""

    code = "own_account"


class LastAdminError(StaffError):
    """Somebody has to be able to manage accounts."""

    code = "last_admin"
