"""What can go wrong with a conversation."""

from bot.errors import ZhangguiError


class ConversationError(ZhangguiError):
    """Root of this subject's errors."""

    code = "conversation"


class UnknownConversationError(ConversationError):
    """There is no such conversation."""

    code = "unknown_conversation"


class ForbiddenMoveError(ConversationError):
    """The state machine has no such move: somebody else was faster, or the request makes no sense now."""

    code = "forbidden_move"

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"no {event} from state {state}")
        self.state = state


class InvalidMessageError(ConversationError):
    """An inbound message is empty or malformed."""

    code = "invalid_message"


class MessageTooLongError(InvalidMessageError):
    """An inbound message has more characters than `max_message_chars`."""

    code = "message_too_long"


class InvalidSessionError(ConversationError):
    """A session is unknown or has expired."""

    code = "invalid_session"


class DialogueUnavailableError(ConversationError):
    """Rasa did not answer, answered too late, or answered nothing."""

    code = "dialogue_unavailable"
