"""投诉: how one message is understood while the complaint form runs."""

import asyncio
from typing import Any

from actions import complaint_words as words
from actions.base import BankAction
from actions.complaint_status import is_addition
from actions.complaints import (
    CHANGING,
    CONFIRMED,
    FACTS,
    PHONE,
    REQUESTED,
    STARTED,
    TARGET,
    WHAT,
    WISH,
    forget_complaint,
)
from actions.turn import Turn
from actions.words import needs_nothing
from bot.complaints.severity import is_urgent

_ENDS_FORM = ("request_human", "cancel")
_ELSEWHERE = (
    *("check_balance", "check_transactions", "check_credit_card", "check_points", "report_lost_card"),
    *("recommend_product", "check_complaint", "bind_account", "rate_service", "express_anger"),
    *("greet", "goodbye", "thank", "help", "bot_challenge", "chitchat"),
)
_SHORT = 12
"""Free text up to this length is taken for what NLU says it is; anything longer is part of the story."""
_SURE = 0.6
_SHORTEST_STORY = 6


class ValidateComplaintForm(BankAction):
    """Understands one message for the form. Setting no slot refuses it: another rule answers, then the form asks on."""

    action_name = "validate_complaint_form"
    ends_turn = False

    async def answer(self, turn: Turn) -> None:
        asked: str | None = turn.recall(REQUESTED)
        if not turn.form_refused:
            if asked is None and is_addition(turn):
                forget_complaint(turn)  # nothing new: it belongs to a complaint filed before
                turn.remember(REQUESTED, None)
                return
            if asked is None:
                self._begin(turn)
            elif (changed := self._correction(turn, asked)) is not None:
                for slot, value in {CHANGING: None, CONFIRMED: None, **changed}.items():
                    turn.remember(slot, value)
            elif not await self._is_aside(turn, asked):
                await self._understand(turn, asked)
                if turn.intent == "file_complaint" or _is_number(turn):
                    # Heard, even if it says nothing new: refused, it would come straight back to the form.
                    turn.remember(STARTED, turn.recall(STARTED))
        turn.remember(REQUESTED, await self._next(turn))

    def _begin(self, turn: Turn) -> None:
        forget_complaint(turn)
        turn.remember(STARTED, self.services.clock().isoformat())
        turn.remember(TARGET, _target(turn))
        turn.remember(PHONE, turn.phone)
        story = words.story(turn.text)
        if not turn.is_payload and (len(story) >= _SHORTEST_STORY or is_urgent(turn.text)):
            self._tell(turn)

    async def _next(self, turn: Turn) -> str | None:
        """The slot to ask for; None ends the form. An urgent complaint asks nothing more: a person takes over."""
        if is_urgent(turn.recall(WHAT) or "") or turn.recall(CONFIRMED):
            return None
        if turn.recall(CHANGING):
            return PHONE if turn.recall(CHANGING) == PHONE else CONFIRMED
        slots = [WHAT, TARGET, WISH, CONFIRMED]
        if (await turn.principal()).customer_id is None:
            slots.insert(3, PHONE)
        return next((slot for slot in slots if turn.recall(slot) is None), None)

    async def _is_aside(self, turn: Turn, asked: str) -> bool:
        """Whether the message answers something else than the form's question."""
        if turn.is_payload:
            return turn.intent not in ("affirm", "deny", "file_complaint")
        if _is_number(turn):
            return False
        if asked in (WHAT, TARGET, CONFIRMED) and needs_nothing(turn):
            return True
        if turn.phone and turn.recall("proof") and asked != PHONE and turn.recall(CHANGING) is not True:
            return True  # sent for the identity check of another request
        if asked in (WHAT, WISH):
            return await self._is_aside_from_story(turn, asked)
        stated = asked != CONFIRMED and (turn.phone or _target(turn))
        elsewhere = turn.intent in (*_ELSEWHERE, "ask_faq")
        unsure_question = turn.intent == "nlu_fallback" and words.asks(turn.text)
        return turn.intent in _ENDS_FORM or bool((elsewhere or unsure_question) and not stated)

    async def _is_aside_from_story(self, turn: Turn, asked: str) -> bool:
        """In free text NLU is believed only of short messages it is sure of, and of questions the bank can answer."""
        short = len(turn.text) <= _SHORT
        if asked == WISH and words.says_nothing(turn.text):
            return False
        if turn.intent == "ask_faq":
            if not words.asks(turn.text):
                return False
            return short or (await asyncio.to_thread(self.services.retriever.answer, turn.text)).decision == "answer"
        if asked == WISH and turn.intent not in _ENDS_FORM and words.wishes(turn.text):
            return False
        return short and turn.confidence >= _SURE and turn.intent in (*_ENDS_FORM, *_ELSEWHERE)

    async def _understand(self, turn: Turn, asked: str) -> None:
        match asked:
            case "complaint_what":
                if words.count_chinese(turn.text) >= _SHORTEST_STORY:
                    self._tell(turn)
            case "complaint_target":
                self._name_target(turn)
            case "complaint_wish":
                self._wish(turn)
            case "complaint_phone":
                await self._phone(turn)
            case _ if turn.intent == "affirm" or words.submits(turn.text):
                turn.remember(CONFIRMED, True)
            case _ if turn.intent == "deny":
                turn.remember(CHANGING, True)
            case _ if words.count_chinese(turn.text) >= _SHORTEST_STORY and not turn.is_payload:
                turn.remember(WHAT, _with(turn))  # what somebody adds before confirming belongs to the story

    def _correction(self, turn: Turn, asked: str) -> dict[str, Any] | None:
        """The slots that a correction changes (不对，是手机银行, 改一下, 修改电话); None if the message is none."""
        changing = turn.recall(CHANGING) is True
        story = asked in (WHAT, WISH) and len(turn.text) > _SHORT
        if turn.intent in _ENDS_FORM or story or (asked == PHONE and turn.phone):
            return None
        change = words.asks_change(turn.text)
        denies = words.corrects(turn.text)
        wrong = "错" in turn.text and len(turn.text) <= _SHORTEST_STORY + 2
        field = turn.entity("complaint_field") or (words.field(turn.text) if changing or change or wrong else None)
        # NLU looks for what a complaint is about only in what reads as one, which 不对，是手机银行 does not.
        target = _target(turn) or (_named_choice(turn) if len(turn.text) <= _SHORT else None)
        if asked != TARGET and (changing or denies) and target:
            return {TARGET: target}
        if asked != PHONE and turn.phone and (changing or not turn.recall("proof")):
            return {PHONE: turn.phone}
        if field:
            # A known customer is asked for a phone only here: the one on file would do.
            return {field: None, CHANGING: PHONE} if field == PHONE else {field: None}
        only_change = change and len(turn.text) <= _SHORTEST_STORY
        if not denies and not only_change and turn.intent in (*_ELSEWHERE, "ask_faq"):
            return None
        if asked == CONFIRMED and not turn.is_payload and (claim := words.claim(turn.text)):
            return {WISH: claim}
        if asked == CONFIRMED and (changing or denies) and len(turn.text) >= _SHORTEST_STORY and not turn.is_payload:
            return {WHAT: _with(turn)}
        if (change or words.is_wrong(turn.text)) and turn.recall(WHAT):
            return {CHANGING: True}
        if asked == CONFIRMED and turn.intent not in ("affirm", "deny") and words.wishes(turn.text):
            return {WISH: turn.text}
        return {} if changing else None

    @staticmethod
    def _tell(turn: Turn) -> None:
        turn.remember(WHAT, turn.text)
        if turn.phone:
            turn.remember(PHONE, turn.phone)
        turn.remember(FACTS, {"date": turn.entity("date"), "amount": turn.entity("amount")})
        if turn.recall(TARGET) is None:
            turn.remember(TARGET, _target(turn) or _named_choice(turn))

    @staticmethod
    def _name_target(turn: Turn) -> None:
        if words.says_nothing(turn.text):
            turn.remember(TARGET, turn.services.texts("utter_complaint_nothing"))
        elif _target(turn):
            turn.remember(TARGET, _target(turn))
        elif len(turn.text) <= _SHORT and not turn.is_payload and not _is_number(turn):
            turn.remember(TARGET, turn.text)

    @staticmethod
    async def _phone(turn: Turn) -> None:
        known = turn.recall(CHANGING) == PHONE and (await turn.principal()).customer_id is not None
        if turn.phone:
            turn.remember(PHONE, turn.phone)
            turn.remember(CHANGING, None)
        elif known:
            turn.remember(CHANGING, None)  # the one on file stays
        elif turn.intent == "deny":
            turn.remember(PHONE, None)
            turn.say("utter_complaint_phone_needed")

    @staticmethod
    def _wish(turn: Turn) -> None:
        said = turn.text.strip("，。！!,. ")
        if (turn.intent == "deny" and not words.wishes(said)) or words.says_nothing(said):
            turn.remember(WISH, "")
        elif not words.agrees(said) and not turn.is_payload and not _is_number(turn):
            turn.remember(WISH, turn.text)


def _with(turn: Turn) -> str:
    """The story so far and this message."""
    return turn.services.texts("utter_complaint_added", before=turn.recall(WHAT), text=turn.text)


def _target(turn: Turn) -> str | None:
    """What the complaint is about; in a short answer a product or a kind of card is that too."""
    kinds = (TARGET, "product", "account_type") if len(turn.text) <= _SHORT else (TARGET, "product")
    return next((stated[0] for kind in kinds if (stated := turn.stated(kind))), None)


def _named_choice(turn: Turn) -> str | None:
    """An answer the form would offer, if the story names it: in what reads as a question NLU finds no target."""
    offered = {button["title"] for button in turn.services.texts.buttons("utter_ask_complaint_target")}
    return words.choice(turn.text, offered)


def _is_number(turn: Turn) -> bool:
    """Whether the message is a number alone, which answers none of the form's questions."""
    return turn.phone is None and turn.text.isnumeric()
