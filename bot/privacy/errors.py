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


class DestroyedKeyError(UnknownPlaceholderError):
    """The value was sealed, and nobody can open it any more: its data key has been destroyed."""

    code = "destroyed_key"

    def __init__(self, placeholder: str) -> None:
        PrivacyError.__init__(self, f"the key of {placeholder[:16]!r} has been destroyed")


class BrokenSealError(PrivacyError):
    """A sealed value or its key was altered, moved to another place, or sealed under another secret."""

    code = "broken_seal"


class UnknownMasterKeyError(PrivacyError):
    """A data key is wrapped under a master key that VAULT_KEYS does not hold (any more)."""

    code = "unknown_master_key"

    def __init__(self, master_key_id: str) -> None:
        super().__init__(
            f"VAULT_KEYS holds no key {master_key_id!r}; put it back, then run: python -m bot privacy rekey"
        )
