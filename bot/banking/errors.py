"""What can go wrong when a customer's accounts are read."""

from bot.errors import UnavailableError, ZhangguiError


class BankingError(ZhangguiError):
    """Root of this subject's errors."""

    code = "banking"


class UnknownCardError(BankingError):
    """The customer has no card with this tail; whether somebody else has is nobody's business."""

    code = "unknown_card"

    def __init__(self, card_tail: str) -> None:
        super().__init__("the customer has no such card")
        self.card_tail = card_tail


class InvalidCursorError(BankingError):
    """A cursor that no page has given."""

    code = "invalid_cursor"


class CoreBankingUnavailableError(BankingError, UnavailableError):
    """The core is down, slow, or answers what it should not: the request may be made again later."""

    code = "core_unavailable"


class CoreBankingRefusedError(CoreBankingUnavailableError):
    """The core refuses what we send (a wrong token, a malformed request): for the customer it is unavailable, but
    somebody has to look, and trying again will not help."""

    code = "core_refused"
    passes_soon = False
