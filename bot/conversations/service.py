"""A customer's message, from arrival to answer: sealed, logged, answered in order, and never lost in between."""

import re
import time
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot import metrics
from bot.clock import Clock
from bot.conversations.conversation import Conversation
from bot.conversations.errors import DialogueUnavailableError, InvalidMessageError, MessageTooLongError
from bot.conversations.locks import Locks
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Button, Draft, Message, State
from bot.conversations.rasa import Answer, Dialogue, HandoffWish
from bot.conversations.states import Event
from bot.handoff.service import HandoffService
from bot.identity.service import ChallengeOutcome, IdentityService
from bot.privacy.vault import Vault
from bot.texts import Texts

_CODE = re.compile(r"[^\d元块万¥]{0,8}(\d{6})[^\d元块万¥]{0,4}")
_CODE_PLACEHOLDER = "[验证码]"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Turn:
    """What was said in answer to one message, and who answers the customer from here on."""

    messages: list[Message]
    conversation: Conversation


class ConversationService:
    """Receives customers' messages. Everything else about a conversation is the log's or the handoff's."""

    def __init__(
        self,
        log: ConversationLog,
        locks: Locks,
        dialogue: Dialogue,
        handoff: HandoffService,
        identity: IdentityService,
        vault: Vault,
        texts: Texts,
        clock: Clock,
        *,
        max_chars: int,
        segment_idle_s: int,
        code_lock_s: int,
    ) -> None:
        self._log = log
        self._locks = locks
        self._dialogue = dialogue
        self._handoff = handoff
        self._identity = identity
        self._vault = vault
        self._texts = texts
        self._clock = clock
        self._max_chars = max_chars
        self._segment_idle = timedelta(seconds=segment_idle_s)
        self._code_lock_s = code_lock_s

    async def receive(self, conversation_id: str, client_message_id: str, text: str) -> Turn:
        """Take a message in and answer it; the same `client_message_id` again gives the same answer again.

        Messages that came before it and are not answered yet (two tabs, a crash) are answered first.
        Raises InvalidMessageError, MessageTooLongError, UnknownConversationError.
        """
        text = self._checked(text)
        if await self._is_code(conversation_id, text):
            async with self._locks.hold(conversation_id):
                message = await self._append_code(conversation_id, client_message_id, text)
                await self._answer_pending(conversation_id)
        else:
            sealed = await self._vault.seal(conversation_id, text)
            message = await self._append(conversation_id, client_message_id, Draft(Author.CUSTOMER, sealed))
            async with self._locks.hold(conversation_id):
                await self._answer_pending(conversation_id)
        return Turn(await self._log.replies(conversation_id, message.seq), await self._log.get(conversation_id))

    def _checked(self, text: str) -> str:
        text = text.replace("\x00", "").strip()
        if not text:
            raise InvalidMessageError("empty message")
        if len(text) > self._max_chars:
            raise MessageTooLongError(f"{len(text)} characters")
        return text

    async def _is_code(self, conversation_id: str, text: str) -> bool:
        return _code_in(text) is not None and await self._identity.expects_code(conversation_id)

    async def _append_code(self, conversation_id: str, client_message_id: str, text: str) -> Message:
        """Let identity judge the code, once; what is logged is that a code came and how it was judged."""
        async with self._log.change(conversation_id) as change:
            before = await change.sent_before(Author.CUSTOMER, client_message_id)
        if before is not None:
            return before
        outcome = await self._identity.answer_challenge(conversation_id, _code_in(text) or "")
        draft = Draft(Author.CUSTOMER, _CODE_PLACEHOLDER, metadata={"code": outcome.__dict__})
        return await self._append(conversation_id, client_message_id, draft)

    async def _append(self, conversation_id: str, client_message_id: str, draft: Draft) -> Message:
        async with self._log.change(conversation_id) as change:
            before = await change.sent_before(draft.author, client_message_id)
            if before is not None:
                return before
            if change.conversation.state is State.CLOSED:
                change.move(Event.REOPEN)
            elif self._has_been_idle(change.conversation):
                change.start_segment()
            return await change.append(draft, client_message_id=client_message_id, handled=False)

    def _has_been_idle(self, conversation: Conversation) -> bool:
        spoke_at = conversation.customer_spoke_at
        return spoke_at is not None and self._clock() - spoke_at > self._segment_idle

    async def _answer_pending(self, conversation_id: str) -> None:
        while pending := await self._log.unhandled(conversation_id):
            conversation = await self._log.get(conversation_id)
            if conversation.state is State.BOT:
                await self._answer_by_bot(conversation, pending[0])
            else:
                await self._leave_to_people(conversation_id, pending[0])

    async def _answer_by_bot(self, conversation: Conversation, message: Message) -> None:
        started = time.perf_counter()
        outcome = message.metadata.get("code")
        if outcome is not None and outcome["result"] != "passed":
            answer = Answer([self._code_refused(ChallengeOutcome(**outcome))])
        else:
            text = outcome["resume"] if outcome else await self._input(conversation.conversation_id, message)
            answer = await self._ask(conversation, text)
        async with self._log.change(conversation.conversation_id) as change:
            if not await change.mark_handled(message.seq) or change.conversation.state is not State.BOT:
                return  # another worker answered it, or a person took over meanwhile
            for draft in answer.drafts:
                await change.append(draft, reply_to=message.seq)
            if answer.handoff is not None:
                await self._handoff.queue(change, answer.handoff, reply_to=message.seq)
        metrics.TURNS.labels(outcome="handoff" if answer.handoff else "answered").inc()
        metrics.TURN_SECONDS.observe(time.perf_counter() - started)

    async def _ask(self, conversation: Conversation, text: str) -> Answer:
        """Rasa's answer; where there is none, an apology and a person."""
        try:
            return await self._dialogue.ask(conversation.sender_id, text)
        except DialogueUnavailableError as error:
            metrics.FAULTS.labels(part="dialogue").inc()
            _log.error("dialogue_unavailable", conversation_id=conversation.conversation_id, cause=str(error))
            return Answer([self._bot_says("utter_fault_handoff")], HandoffWish("rasa_unavailable"))

    async def _input(self, conversation_id: str, message: Message) -> str:
        """What Rasa is to read: the payload of a button just offered, else the text, never as a command."""
        for button in await self._log.offered_buttons(conversation_id, before=message.seq):
            if button.title == message.text and button.payload.startswith("/"):
                return button.payload
        # A leading slash would be executed as an intent, and the normaliser of ours makes one of `／`.
        return message.text.lstrip("/／ \t\r\n") or "？"

    async def _leave_to_people(self, conversation_id: str, message: Message) -> None:
        async with self._log.change(conversation_id) as change:
            if change.conversation.state is State.BOT or not await change.mark_handled(message.seq):
                return  # given back to the bot just now: it will answer
            if self._handoff.is_cancellation(change.conversation, message.text):
                await self._handoff.cancel(change, reply_to=message.seq)

    def _code_refused(self, outcome: ChallengeOutcome) -> Draft:
        minutes = self._code_lock_s // 60
        return self._bot_says(f"utter_code_{outcome.result}", tries=outcome.tries_left, minutes=minutes)

    def _bot_says(self, response: str, **variables: object) -> Draft:
        buttons = tuple(Button(**button) for button in self._texts.buttons(response))
        return Draft(Author.BOT, self._texts(response, **variables), buttons=buttons)


def _code_in(text: str) -> str | None:
    """The six digits of a message that says little else."""
    found = _CODE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    return found[1] if found else None
