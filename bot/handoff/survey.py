"""The question after an agent has closed: how satisfied was the customer. The answer does not reopen anything."""

import re
from typing import Any

from bot.conversations.change import Change
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft, Message
from bot.conversations.responses import respond
from bot.handoff.ratings import Ratings, Reason, score_of
from bot.texts import Texts

_LONGEST_ANSWER = 12
"""Characters: what is longer says something that somebody should read."""
_REASON = re.compile(r'"rating_reason": *"(\w+)"')


class Survey:
    """Asks in the message that ends the service, and takes the next short message that gives a score as the answer."""

    def __init__(self, log: ConversationLog, ratings: Ratings, texts: Texts) -> None:
        self._log = log
        self._ratings = ratings
        self._texts = texts

    def question(self, *, segment: int, agent_id: str) -> Draft:
        """The message that ends the service of `segment` and asks for a rating of it."""
        asks = {"survey": {"segment": segment, "agent_id": agent_id}}
        return respond(self._texts, Author.SYSTEM, "utter_closed", asks)

    async def rating_in(self, conversation_id: str, text: str) -> dict[str, Any] | None:
        """What `text` answers to a question of ours asked since the customer last spoke.

        To the survey `{"segment", "agent_id", "score"}`, to why the score was low `{"segment", "reason"}`.
        """
        if len(text) > _LONGEST_ANSWER:
            return None
        score, reason = score_of(text), reasons_by_title(self._texts).get(text.strip("，。！!,. "))
        for message in await self._log.since_customer(conversation_id):
            if "survey" in message.metadata and score is not None:
                return {**message.metadata["survey"], "score": score}
            if "rated" in message.metadata and reason is not None:
                return {"segment": message.metadata["rated"], "reason": reason.value}
        return None

    async def thank(self, change: Change, message: Message) -> None:
        """Keep what `message` was found to say of the service, and say thanks; ask why, where the score is low."""
        rating = message.metadata["rating"]
        conversation_id = change.conversation.conversation_id
        if "reason" in rating:
            reason = Reason(rating["reason"])
            await self._ratings.record_reason(change.connection, conversation_id, rating["segment"], reason)
            thanks = respond(self._texts, Author.SYSTEM, "utter_rating_explained")
        else:
            await self._ratings.record(change.connection, conversation_id, **rating)
            thanks = self._thanks(rating)
        await change.append(thanks, reply_to=message.seq)

    def _thanks(self, rating: dict[str, Any]) -> Draft:
        if rating["score"] >= 4:
            return respond(self._texts, Author.SYSTEM, "utter_rated_well")
        return respond(self._texts, Author.SYSTEM, "utter_rated_badly", {"rated": rating["segment"]})


def reasons_by_title(texts: Texts) -> dict[str, Reason]:
    """The reasons that customers are offered, by what their buttons say."""
    offered = {button["title"]: _REASON.search(button["payload"]) for button in texts.buttons("utter_rated_badly")}
    return {title: Reason(found[1]) for title, found in offered.items() if found}
