"""What the bot tried before a person was called, as the log shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversations.messages import Author, Message

_MOST = 4


@dataclass(frozen=True)
class Try:
    """The customer said `asked` and the bot answered `said`; from the knowledge base where it names an entry."""

    asked: str
    said: str
    entry_id: str | None
    score: float | None
    decision: str | None
    """`answer`, or `choices` where the bot asked what was meant."""


def tried(messages: Sequence[Message], *, before: datetime) -> list[Try]:
    """The bot's last answers in the stretch of dialogue that ended with the handoff of that time, oldest first."""
    found: list[Try] = []
    asked: dict[int, str] = {}
    for message in messages:
        if message.created_at is not None and message.created_at > before:
            break
        if message.author is Author.AGENT:
            found.clear()  # a person has been here since
        elif message.author is Author.CUSTOMER:
            asked[message.seq] = message.text
        elif message.author is Author.BOT and message.reply_to in asked:
            found.append(_try(asked.pop(message.reply_to), message))
    return found[-_MOST:]


def _try(asked: str, answer: Message) -> Try:
    source = answer.metadata if answer.metadata.get("kind") == "faq" else {}
    return Try(asked, answer.text, source.get("entry_id"), source.get("score"), source.get("decision"))
