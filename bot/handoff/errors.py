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


class ForbiddenWordingError(HandoffError):
    """The text holds words that must not be written to customers; `words` are those."""

    code = "forbidden_wording"

    def __init__(self, words: list[str]) -> None:
        super().__init__("words that must not be written to customers")
        self.words = words


class NothingToRevealError(HandoffError):
    """There is no such value behind the mask."""

    code = "nothing_to_reveal"
