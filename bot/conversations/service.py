"""A customer's message, from arrival to answer: sealed, logged, answered in order, and never lost in between."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from bot import metrics
from bot.clock import Clock
from bot.conversations.change import Change
from bot.conversations.choices import chosen
from bot.conversations.conversation import Conversation
from bot.conversations.errors import DialogueUnavailableError, InvalidMessageError, MessageTooLongError
from bot.conversations.locks import Locks
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft, Message, State
from bot.conversations.rasa import Answer, Dialogue, HandoffWish
from bot.conversations.responses import respond
from bot.conversations.secrets import says_nothing_else
from bot.conversations.states import Event
from bot.handoff.routing import Routing
from bot.handoff.service import HandoffService
from bot.handoff.survey import Survey
from bot.handoff.tickets import Tickets
from bot.identity.codes import code_in
from bot.identity.policy import LONGEST_STEP_UP_S
from bot.identity.service import ChallengeOutcome, IdentityService
from bot.privacy.detect import secrets_in
from bot.privacy.findings import Kind
from bot.privacy.typed import without_placeholders
from bot.privacy.vault import Vault
from bot.storage.text import storable
from bot.texts import Texts

_CODE_PLACEHOLDER = f"[{Kind.CODE.label}]"
_READ_OTHERWISE = {"payload", "response", "code"}
"""Metadata of messages whose text is not what the customer means to say."""
_MOST_REQUESTS = 4
"""Of one message; nobody writes more, and each costs a turn of Rasa."""
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
        routing: Routing,
        survey: Survey,
        tickets: Tickets,
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
        self._routing = routing
        self._survey = survey
        self._tickets = tickets
        self._identity = identity
        self._vault = vault
        self._texts = texts
        self._clock = clock
        self._max_chars = max_chars
        self._segment_idle = timedelta(seconds=segment_idle_s)
        self._code_lock_s = code_lock_s

    async def receive(
        self,
        conversation_id: str,
        client_message_id: str,
        text: str,
        *,
        payload: str | None = None,
        response: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Turn:
        """Take a message in and answer it; the same `client_message_id` again gives the same answer again.

        Only a channel may give the rest: a `payload` (`/check_balance`) that the bot reads instead of the text, a
        `response` of the domain with which it answers without reading (to a picture, say), and `metadata` such as
        where that picture lies. Messages that came before it and are not answered yet (two tabs, a crash) are
        answered first. Raises InvalidMessageError, MessageTooLongError, UnknownConversationError.
        """
        text = self._checked(text)
        if payload is None and response is None and await self.is_code(conversation_id, text):
            async with self._locks.hold(conversation_id):
                message = await self._append_code(conversation_id, client_message_id, text)
                await self._answer_pending(conversation_id)
        else:
            typed = text if payload or response else without_placeholders(text)
            sealed = await self._vault.seal(conversation_id, typed)
            meant = {"payload": payload, "response": response, "secret": bool(secrets_in(typed))}
            noted = {**(metadata or {}), **{name: value for name, value in meant.items() if value}}
            draft = Draft(Author.CUSTOMER, sealed, metadata=noted)
            message = await self._append(conversation_id, client_message_id, draft)
            async with self._locks.hold(conversation_id):
                await self._answer_pending(conversation_id)
        return Turn(await self._log.replies(conversation_id, message.seq), await self._log.get(conversation_id))

    def _checked(self, text: str) -> str:
        text = str(storable(text)).strip()
        if not text:
            raise InvalidMessageError("empty message")
        if len(text) > self._max_chars:
            raise MessageTooLongError(f"{len(text)} characters")
        return text

    async def is_code(self, conversation_id: str, text: str) -> bool:
        """Whether `text` would be tried as a one-time code."""
        return code_in(text) is not None and await self._identity.expects_code(conversation_id)

    async def _append_code(self, conversation_id: str, client_message_id: str, text: str) -> Message:
        """Let identity judge the code, once; what is logged is that a code came and how it was judged."""
        async with self._log.change(conversation_id) as change:
            before = await change.sent_before(Author.CUSTOMER, client_message_id)
        if before is not None:
            return before
        outcome = await self._identity.answer_challenge(conversation_id, code_in(text) or "")
        draft = Draft(Author.CUSTOMER, _CODE_PLACEHOLDER, metadata={"code": outcome.__dict__})
        notice = None
        if outcome.result == "passed":
            notice = Draft(Author.SYSTEM, self._texts("utter_stepped_up", minutes=LONGEST_STEP_UP_S // 60))
        return await self._append(conversation_id, client_message_id, draft, notice)

    async def _append(
        self, conversation_id: str, client_message_id: str, draft: Draft, notice: Draft | None = None
    ) -> Message:
        """Add the message and a `notice` about it."""
        async with self._log.change(conversation_id) as change:
            before = await change.sent_before(draft.author, client_message_id)
            if before is not None:
                return before
            if change.conversation.state is State.CLOSED:
                rating = await self._survey.rating_in(conversation_id, draft.text)
                if rating is None:
                    change.move(Event.REOPEN)
                else:
                    draft = replace(draft, metadata={**draft.metadata, "rating": rating})
            elif change.conversation.state is State.BOT and self._has_been_idle(change.conversation):
                change.start_segment()
            if change.conversation.state is State.BOT and not draft.metadata.keys() & _READ_OTHERWISE:
                left = await self._tickets.step_in(change, draft.text)
                draft = replace(draft, metadata={**draft.metadata, "ticket": left}) if left else draft
            message = await change.append(draft, client_message_id=client_message_id, handled=False)
            await self._handoff.heard(change)
            if notice is not None:
                await change.append(notice, reply_to=message.seq)
            return message

    def _has_been_idle(self, conversation: Conversation) -> bool:
        spoke_at = conversation.customer_spoke_at
        return spoke_at is not None and self._clock() - spoke_at > self._segment_idle

    async def _answer_pending(self, conversation_id: str) -> None:
        while pending := await self._log.unhandled(conversation_id):
            conversation = await self._log.get(conversation_id)
            if pending[0].metadata.keys() & {"rating", "ticket"}:
                await self._answer_ourselves(conversation_id, pending[0])
            elif conversation.state is State.BOT:
                await self._answer_by_bot(conversation, pending[0])
            else:
                await self._leave_to_people(conversation_id, pending[0])

    async def _answer_by_bot(self, conversation: Conversation, message: Message) -> None:
        started = time.perf_counter()
        answer = await self._answer(conversation, message)
        by_route = None
        if answer.handoff is not None:
            by_route = await self._routing.of(conversation.conversation_id, answer.handoff)
        async with self._log.change(conversation.conversation_id) as change:
            if not await change.mark_handled(message.seq):
                return  # another worker answered it
            if change.conversation.state is not State.BOT:
                await self._notice_secret(change, message)
                return  # a person took over meanwhile
            drafts = answer.drafts
            if answer.handoff is not None:
                drafts = self._handoff.sayable(drafts, answer.handoff, change.now)
            for draft in drafts:
                await change.append(draft, reply_to=message.seq)
            if answer.handoff is not None:
                await self._handoff.queue(change, answer.handoff, reply_to=message.seq, by_route=by_route)
        metrics.TURNS.labels(outcome="handoff" if answer.handoff else "answered").inc()
        metrics.TURN_SECONDS.observe(time.perf_counter() - started)

    async def _answer(self, conversation: Conversation, message: Message) -> Answer:
        outcome = message.metadata.get("code")
        if outcome is not None and outcome["result"] != "passed":
            return Answer([self._code_refused(ChallengeOutcome(**outcome))])
        if "response" in message.metadata:
            return Answer([self._bot_says(message.metadata["response"])])
        if "secret" not in message.metadata:
            text = outcome["resume"] if outcome else await self._input(conversation.conversation_id, message)
            return await self._ask(conversation, text)
        warning = self._bot_says("utter_secret_told")
        if says_nothing_else(message.text):
            return Answer([warning])
        answer = await self._ask(conversation, await self._input(conversation.conversation_id, message))
        return Answer([replace(warning, buttons=()), *answer.drafts], answer.handoff)

    async def _ask(self, conversation: Conversation, text: str) -> Answer:
        """The answers to all that `text` asks for, one after another; a person takes over what is left."""
        answer = await self._ask_once(conversation, text)
        for _ in range(_MOST_REQUESTS - 1):
            if answer.then is None or answer.handoff is not None:
                break
            following = await self._ask_once(conversation, _as_words(answer.then))
            answer = Answer([*answer.drafts, *following.drafts], following.handoff, following.then)
        return answer

    async def _ask_once(self, conversation: Conversation, text: str) -> Answer:
        """Rasa's answer; where there is none, an apology and a person."""
        try:
            return await self._dialogue.ask(conversation.sender_id, text)
        except DialogueUnavailableError as error:
            metrics.FAULTS.labels(part="dialogue").inc()
            _log.error("dialogue_unavailable", conversation_id=conversation.conversation_id, cause=str(error))
            return Answer([self._bot_says("utter_fault_handoff")], HandoffWish("rasa_unavailable"))

    async def _input(self, conversation_id: str, message: Message) -> str:
        """What Rasa is to read: the payload of a button just offered, else the text, never as a command."""
        if "payload" in message.metadata:
            return str(message.metadata["payload"])
        button = chosen(message.text, await self._log.offered_buttons(conversation_id, before=message.seq))
        if button is not None:
            return button.payload
        return _as_words(message.text)

    async def _leave_to_people(self, conversation_id: str, message: Message) -> None:
        button = chosen(message.text, await self._log.offered_buttons(conversation_id, before=message.seq))
        async with self._log.change(conversation_id) as change:
            if change.conversation.state is State.BOT or not await change.mark_handled(message.seq):
                return  # given back to the bot just now: it will answer
            await self._notice_secret(change, message)
            if self._handoff.is_cancellation(change.conversation, button.title if button else message.text):
                await self._handoff.cancel(change, reply_to=message.seq)
            elif self._handoff.is_finish(change.conversation, message.text):
                await self._handoff.finish(change, reply_to=message.seq)

    async def _notice_secret(self, change: Change, message: Message) -> None:
        if "secret" in message.metadata:
            await change.append(Draft(Author.SYSTEM, self._texts("utter_secret_notice")), reply_to=message.seq)

    async def _answer_ourselves(self, conversation_id: str, message: Message) -> None:
        """What neither Rasa nor a person needs to read: a rating, or a message left after hours."""
        async with self._log.change(conversation_id) as change:
            if not await change.mark_handled(message.seq):
                return
            await self._notice_secret(change, message)
            if "rating" in message.metadata:
                await self._survey.thank(change, message)
            else:
                await self._tickets.answer(change, message)

    def _code_refused(self, outcome: ChallengeOutcome) -> Draft:
        minutes = self._code_lock_s // 60
        return self._bot_says(f"utter_code_{outcome.result}", tries=outcome.tries_left, minutes=minutes)

    def _bot_says(self, response: str, **variables: object) -> Draft:
        return respond(self._texts, Author.BOT, response, None, **variables)


def _as_words(text: str) -> str:
    """Without the leading slash that would be executed as an intent; the normaliser of ours makes one of `／`."""
    return text.lstrip("/／ \t\r\n") or "？"
