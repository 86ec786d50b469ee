"""What the desk's pages are told when a conversation cannot be moved as they asked."""

from bot.channels.refusals import Answers
from bot.conversations.errors import UnknownConversationError
from bot.handoff.errors import NoRoomError, NotYoursError, UnknownMemberError

CONVERSATION: Answers = {
    UnknownConversationError: (404, "没有这个会话"),
    NotYoursError: (409, "该会话不在您的名下"),
    NoRoomError: (409, "您手上的会话已满，先结束一个再接入"),
    UnknownMemberError: (404, "没有这位坐席"),
}
"""The same wherever it happens; routes add what is theirs alone."""
