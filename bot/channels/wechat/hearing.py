"""Hands what a WeChat user says to the conversation; what cannot be taken in is answered all the same."""

from bot.channels.api import ApiError
from bot.channels.limits import Limit, RateLimits
from bot.channels.wechat.spoken import Spoken
from bot.conversations.errors import InvalidMessageError, MessageTooLongError
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft
from bot.conversations.service import ConversationService
from bot.identity.service import IdentityService
from bot.texts import Texts


class Hearing:
    """Answers are in the log when it returns."""

    def __init__(
        self,
        conversations: ConversationService,
        log: ConversationLog,
        limits: RateLimits,
        identity: IdentityService,
        texts: Texts,
        *,
        max_chars: int,
    ) -> None:
        """Messages are taken in within `limits`, each of at most `max_chars` characters."""
        self._conversations = conversations
        self._log = log
        self._limits = limits
        self._identity = identity
        self._texts = texts
        self._max_chars = max_chars

    async def hear(self, conversation_id: str, message_id: str, said: Spoken) -> None:
        """Take it in once, however often it comes with the same `message_id`."""
        try:
            await self._limits.check(Limit.MESSAGES_IN_CONVERSATION, conversation_id)
            who = await self._identity.principal(conversation_id)
            if who.customer_id is not None:
                await self._limits.check(Limit.MESSAGES_OF_CUSTOMER, who.customer_id)
            await self._conversations.receive(
                conversation_id,
                message_id,
                said.text,
                payload=said.payload,
                response=said.response,
                metadata=said.metadata,
            )
        except ApiError as error:
            await self._refuse(conversation_id, message_id, "[过于频繁的消息]", error.message)
        except MessageTooLongError:
            text = self._texts("utter_message_too_long", limit=self._max_chars)
            await self._refuse(conversation_id, message_id, "[过长的消息]", text)
        except InvalidMessageError:
            await self._refuse(conversation_id, message_id, "[空消息]", self._texts("utter_message_empty"))

    async def _refuse(self, conversation_id: str, message_id: str, mark: str, answer: str) -> None:
        """Keep that something came, without its content, and say why it was not taken."""
        async with self._log.change(conversation_id) as change:
            if await change.sent_before(Author.CUSTOMER, message_id) is None:
                heard = await change.append(Draft(Author.CUSTOMER, mark), client_message_id=message_id)
                await change.append(Draft(Author.SYSTEM, answer), reply_to=heard.seq)
