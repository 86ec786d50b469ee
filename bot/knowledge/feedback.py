"""有用 and 没用 under an answer of the knowledge base."""

import hashlib

from bot import metrics
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author
from bot.knowledge.errors import NotAnAnswerError
from bot.knowledge.misses import Misses


class Feedback:
    """What customers think of answers; those of no use come to the editors, each once."""

    def __init__(self, log: ConversationLog, misses: Misses) -> None:
        self._log = log
        self._misses = misses

    async def give(self, conversation_id: str, seq: int, *, useful: bool) -> None:
        """Of the message `seq`. Raises NotAnAnswerError where that is no answer of the knowledge base."""
        said = await self._log.messages(conversation_id)
        answer = next((message for message in said if message.seq == seq and message.author is Author.BOT), None)
        if answer is None or answer.metadata.get("decision") != "answer":
            raise NotAnAnswerError(conversation_id, seq)
        metrics.FEEDBACK.labels(useful=str(useful).lower()).inc()
        if useful:
            return
        asked = next((m.text for m in said if m.seq == answer.reply_to), None)
        if asked is None:
            return
        key = hashlib.sha256(f"{conversation_id}:{seq}".encode()).hexdigest()[:32]
        score, entry_id = answer.metadata.get("score"), answer.metadata["entry_id"]
        await self._misses.record(asked, score, conversation_id, answered_by=entry_id, key=key)
