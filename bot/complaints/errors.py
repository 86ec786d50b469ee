"""What can go wrong with a complaint."""

from datetime import date

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


class ForbiddenComplaintMoveError(ComplaintError):
    """What was asked for is not possible in the complaint's state: a colleague was faster, or it is over."""

    code = "forbidden_complaint_move"

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"no {event} in state {state}")
        self.state = state
        self.event = event


class ReopenTooLateError(ComplaintError):
    """The time in which a complaint may be reopened ended with the day `until`."""

    code = "reopen_too_late"

    def __init__(self, until: date) -> None:
        super().__init__(f"could be reopened until {until}")
        self.until = until


class DeadlinePassedError(ComplaintError):
    """The day of the answer cannot be moved once it has passed, nor to a day that has: late stays late."""

    code = "deadline_passed"


class UnknownCategoryError(ComplaintError):
    """`categories.yml` has no such category, or the category no such subcategory."""

    code = "unknown_complaint_category"


class UnfinishedAnswerError(ComplaintError):
    """An answer still holds what a template left open."""

    code = "unfinished_answer"


class NotPermittedError(ComplaintError):
    """Root of what this agent may not do, whatever the state."""

    code = "not_permitted"


class NotHandlerError(NotPermittedError):
    """Somebody else works on the complaint; only its handler and supervisors may go on with it."""

    code = "not_handler"


class SupervisorRequiredError(NotPermittedError):
    """Only a supervisor decides on an extension."""

    code = "supervisor_required"


class OwnRequestError(NotPermittedError):
    """Nobody decides on the extension they asked for themselves."""

    code = "own_request"


class ExtensionError(ComplaintError):
    """Root of what can be wrong with an extension."""

    code = "extension"


class AlreadyExtendedError(ExtensionError):
    """A clock is extended once at most."""

    code = "already_extended"


class ExtensionPendingError(ExtensionError):
    """An extension has been asked for and not been decided on."""

    code = "extension_pending"


class NoExtensionPendingError(ExtensionError):
    """There is no request to decide on: none was made, or a colleague was faster."""

    code = "no_extension_pending"
