"""What can go wrong in the CRM."""

from bot.errors import ZhangguiError


class CrmError(ZhangguiError):
    """Root of this subject's errors."""

    code = "crm"


class UnknownCaseError(CrmError):
    """The CRM has no case of this number."""

    code = "unknown_case"

    def __init__(self, number: str) -> None:
        super().__init__(f"no case {number}")
        self.number = number
