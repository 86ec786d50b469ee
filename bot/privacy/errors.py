"""What can go wrong with sealed personal data."""

from bot.errors import ZhangguiError


class PrivacyError(ZhangguiError):
    """Root of this subject's errors."""

    code = "privacy"


class UnknownPlaceholderError(PrivacyError):
    """The conversation holds no sealed value of this name."""

    code = "unknown_placeholder"

    def __init__(self, placeholder: str) -> None:
        super().__init__(f"nothing is sealed as {placeholder[:16]!r}")


class BrokenSealError(PrivacyError):
    """A sealed value was altered, moved to another place, or sealed under another secret."""

    code = "broken_seal"
