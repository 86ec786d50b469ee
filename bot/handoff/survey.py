"""The question after an agent has closed: how satisfied was the customer. The answer does not reopen anything."""

from typing import Any

from bot.conversations.change import Change
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Button, Draft, Message
from bot.handoff.ratings import Ratings, score_of
from bot.texts import Texts

_LONGEST_ANSWER = 12
"""Characters: what is longer says something that somebody should read."""


class Survey:
    """Asks in the message that ends the service, and takes the next short message that gives a score as the answer."""

    def __init__(self, log: ConversationLog, ratings: Ratings, texts: Texts) -> None:
        self._log = log
        self._ratings = ratings
        self._texts = texts

    def question(self, *, segment: int, agent_id: str) -> Draft:
        """The message that ends the service of `segment` and asks for a rating of it."""
        buttons = tuple(Button(**button) for button in self._texts.buttons("utter_closed"))
        asks = {"survey": {"segment": segment, "agent_id": agent_id}}
        return Draft(Author.SYSTEM, self._texts("utter_closed"), buttons=buttons, metadata=asks)

    async def rating_in(self, conversation_id: str, text: str) -> dict[str, Any] | None:
        """What `text` answers to a survey asked since the customer last spoke: `{"segment", "agent_id", "score"}`."""
        score = score_of(text) if len(text) <= _LONGEST_ANSWER else None
        if score is None:
            return None
        for message in await self._log.since_customer(conversation_id):
            if "survey" in message.metadata:
                return {**message.metadata["survey"], "score": score}
        return None

    async def thank(self, change: Change, message: Message) -> None:
        """Keep the rating that `message` was found to give, and say thanks."""
        rating = message.metadata["rating"]
        conversation_id = change.conversation.conversation_id
        await self._ratings.record(change.connection, conversation_id, **rating)
        name = "utter_rated_well" if rating["score"] >= 4 else "utter_rated_badly"
        buttons = tuple(Button(**button) for button in self._texts.buttons(name))
        await change.append(Draft(Author.SYSTEM, self._texts(name), buttons=buttons), reply_to=message.seq)
