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


class TicketTakenError(HandoffError):
    """Somebody has answered the message that was left, or there is none such."""

    code = "ticket_taken"


class NoRoomError(HandoffError):
    """The agent's hands are full."""

    code = "no_room"


class ReservedError(HandoffError):
    """For a short while the conversation is for whoever served this customer last; `for_agent` is that person's id."""

    code = "reserved"

    def __init__(self, for_agent: str) -> None:
        super().__init__("reserved for the agent who served this customer last")
        self.for_agent = for_agent


class UnknownMemberError(HandoffError):
    """Nobody of this id serves customers."""

    code = "unknown_member"


class NotOfferedError(HandoffError):
    """The offer to take the conversation over does not hold, or is for somebody else."""

    code = "not_offered"


class NotThereError(HandoffError):
    """The colleague is not online, or has no room."""

    code = "not_there"


class SupervisorsOnlyError(HandoffError):
    """Only a supervisor may step in."""

    code = "not_permitted"
