"""What can go wrong when a customer's accounts are read."""

from bot.errors import ZhangguiError


class BankingError(ZhangguiError):
    """Root of this subject's errors."""

    code = "banking"


class UnknownCardError(BankingError):
    """The customer has no card with this tail; whether somebody else has is nobody's business."""

    code = "unknown_card"

    def __init__(self, card_tail: str) -> None:
        super().__init__("the customer has no such card")
        self.card_tail = card_tail
