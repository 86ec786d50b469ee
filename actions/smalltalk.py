"""Greetings and the like, and a yes, no or 算了 to whatever was offered last."""

import asyncio
import re

import jieba

from actions.base import BankAction
from actions.cards import BLOCK_CARD, block_card, keep_card, send_to_person
from actions.complaint_status import withdraw
from actions.complaints import forget_complaint
from actions.faq import LIKELY, say_found
from actions.identity import unbind
from actions.person import handed_off_as_grave, misunderstood
from actions.turn import Turn
from actions.words import needs_nothing

_SAYS_WHAT_IS_MEANT = re.compile("^(不是|不对|错了|不)[，,。！! ]*(我(是|想|要)?(问|说)(的是)?|我的意思是)")


class SmallTalk(BankAction):
    """Says the response named after the intent; a bank question taken for idle talk is answered all the same."""

    action_name = "action_small_talk"
    aside = True

    async def answer(self, turn: Turn) -> None:
        if turn.intent == "out_of_scope" and not turn.is_payload:
            found = await asyncio.to_thread(self.services.retriever.answer, turn.text)
            if say_found(turn, found, least=LIKELY) or handed_off_as_grave(turn):
                return
            if not _has_words(turn.text):
                misunderstood(turn, "utter_fallback")
                return
        if turn.intent == "goodbye":
            turn.remember("offer", {"kind": "rating"})
        if turn.intent == "speak_english":
            turn.remember("offer", {"kind": "person"})
        turn.say(f"utter_{turn.intent}")


def _has_words(text: str) -> bool:
    """Whether half of it is Chinese words: what is foreign to a bank is told from what nobody understands."""
    words = [word for word in jieba.cut(text, HMM=False) if len(word) > 1 and jieba.dt.FREQ.get(word, 0) > 0]
    return 2 * sum(map(len, words)) >= len(text)


class Affirm(BankAction):
    """好的, to the offer made last."""

    action_name = "action_affirm"

    def answer_unavailable(self, turn: Turn) -> None:
        if (turn.recall("offer") or {}).get("kind") == BLOCK_CARD:
            send_to_person(turn)
        else:
            super().answer_unavailable(turn)

    async def answer(self, turn: Turn) -> None:
        offer = turn.recall("offer") or {}
        match offer.get("kind"):
            case "block_card":
                await block_card(turn, offer["card_tail"])
            case "withdraw_complaint":
                await withdraw(turn, offer["number"])
            case "unbind":
                await unbind(turn)
            case "person":
                turn.hand_off("asked")
            case "choices":
                turn.say("utter_choose")
                turn.remember("offer", offer)
            case "which_card":
                turn.say("utter_choose_card")
                turn.remember("offer", offer)
            case _ if turn.recall("proof") and await turn.services.identity.expects_code(turn.conversation_id):
                pass  # the reminder of the code says it all
            case _:
                turn.say("utter_affirm")


class Deny(BankAction):
    """不用了 or 都不是, to the offer made last."""

    action_name = "action_deny"

    async def answer(self, turn: Turn) -> None:
        match (turn.recall("offer") or {}).get("kind"):
            case _ if turn.in_form or (needs_nothing(turn) and turn.recall("proof")):
                call_off(turn)
            case "block_card":
                keep_card(turn)
            case "withdraw_complaint":
                turn.say("utter_withdrawal_kept")
            case "unbind":
                turn.say("utter_still_bound")
            case "choices" if not needs_nothing(turn):
                misunderstood(turn, "utter_none_of_these")
            case "person":
                turn.say("utter_no_person")
            case _ if await self._asks_something_else(turn):
                pass
            case _:
                turn.say("utter_cancel" if needs_nothing(turn) else "utter_deny")

    @staticmethod
    async def _asks_something_else(turn: Turn) -> bool:
        """Answer 不是，我是问怎么提额: a no that says what was meant."""
        meant = _SAYS_WHAT_IS_MEANT.sub("", turn.text)
        if turn.is_payload or meant == turn.text:
            return False
        found = await asyncio.to_thread(turn.services.retriever.answer, meant)
        return say_found(turn, found, least=LIKELY)


class Cancel(BankAction):
    """算了: ends whatever runs, also the complaint form."""

    action_name = "action_cancel"

    async def answer(self, turn: Turn) -> None:
        call_off(turn)


def call_off(turn: Turn) -> None:
    """End what runs, with all that the customer asked for beside it."""
    if turn.recall("then"):
        turn.remember("then", None)
    match (turn.recall("offer") or {}).get("kind"):
        case _ if turn.in_form:
            turn.leave_form()
            forget_complaint(turn)
            turn.say("utter_complaint_cancelled")
        case "block_card":
            keep_card(turn)
        case "withdraw_complaint":
            turn.say("utter_withdrawal_kept")
        case "unbind":
            turn.say("utter_still_bound")
        case _:
            turn.forget("proof", "question")
            turn.say("utter_cancel")
