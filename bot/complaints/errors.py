"""What can go wrong with a complaint."""

from bot.errors import ZhangguiError


class ComplaintError(ZhangguiError):
    """Root of this subject's errors."""

    code = "complaint"


class UnknownComplaintError(ComplaintError):
    """There is no such complaint, or it is somebody else's: the two look the same."""

    code = "unknown_complaint"

    def __init__(self, number: str) -> None:
        super().__init__("no such complaint of this customer")
        self.number = number


class MistypedNumberError(ComplaintError):
    """The number cannot exist: its form or its check digit is wrong."""

    code = "mistyped_number"

    def __init__(self, number: str) -> None:
        super().__init__("a complaint number with a wrong form or check digit")
        self.number = number
