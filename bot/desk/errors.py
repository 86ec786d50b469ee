"""What can go wrong with what agents keep beside conversations."""

from bot.errors import ZhangguiError


class DeskError(ZhangguiError):
    """Root of this subject's errors."""

    code = "desk"


class ShortcutTakenError(DeskError):
    """Another canned reply has this shortcut."""

    code = "shortcut_taken"


class UnknownReplyError(DeskError):
    """There is no such canned reply (any more)."""

    code = "unknown_reply"
