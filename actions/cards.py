"""挂失: the urgent path. Which card, a confirmation, then the card is blocked at once."""

import re

from actions.base import BankAction
from actions.person import handed_off_as_grave
from actions.question import Question, is_follow_up
from actions.turn import Turn
from bot import wording
from bot.banking.errors import UnknownCardError
from bot.banking.models import Card, CardStatus
from bot.identity.principal import Level

LOST_CARD = "/report_lost_card"
BLOCK_CARD = "block_card"
WHICH_CARD = "which_card"
_CARD = re.compile("卡|挂失|存折|尾号")
_CONFIRMED = re.compile("确认|确定|是的|没错")


class ReportLostCard(BankAction):
    """Asks which card and for a confirmation; a stranger hears of the hotline and of people first."""

    action_name = "action_report_lost_card"

    def continues(self, turn: Turn) -> bool:
        before = Question.recalled(turn)
        return before is not None and before.topic == "report_lost_card" and before.open and is_follow_up(turn, before)

    def resume(self, turn: Turn) -> str:  # noqa: ARG002 - the same whatever NLU guessed
        return LOST_CARD

    async def answer(self, turn: Turn) -> None:
        if not _CARD.search(turn.text) and not turn.is_payload and handed_off_as_grave(turn):
            return  # 钱被骗走了 is no matter of a card
        offer = turn.recall("offer") or {}
        if offer.get("kind") == BLOCK_CARD and not turn.is_payload and _CONFIRMED.search(turn.text):
            await block_card(turn, offer["card_tail"])
            return
        question = await self._question(turn)
        question.remember(turn)
        who = await turn.principal()
        if who.level < Level.BOUND and turn.phone is None:
            turn.say("utter_lost_card_first")
        self._ask(turn, question, await self.services.banking.cards(who))

    def answer_unavailable(self, turn: Turn) -> None:
        """A lost card does not wait for the core to come back."""
        send_to_person(turn)

    async def _question(self, turn: Turn) -> Question:
        asked = await Question.asked(turn, "report_lost_card")
        before = Question.recalled(turn)
        resumed = turn.is_payload and not turn.entities
        return before if before and before.topic == asked.topic and before.open and resumed else asked

    def _ask(self, turn: Turn, question: Question, cards: list[Card]) -> None:
        if question.card_tail:
            cards = [card for card in cards if card.card_tail == question.card_tail]
            if not cards:
                raise UnknownCardError(question.card_tail)
        else:
            cards = question.narrow(cards)
        active = [card for card in cards if card.status is CardStatus.ACTIVE]
        if not active:
            turn.say("utter_card_already_blocked" if cards else "utter_no_account")
        elif len(active) > 1:
            turn.remember("offer", {"kind": WHICH_CARD})
            turn.say("utter_which_lost_card", buttons=[self._choice(turn, card) for card in active])
        else:
            self._confirm(turn, active[0])

    @staticmethod
    def _choice(turn: Turn, card: Card) -> dict[str, str]:
        title = turn.services.texts("utter_button_card", tail=card.card_tail, card=card.name)
        return {"title": title, "payload": f'/report_lost_card{{"card_tail":"{card.card_tail}"}}'}

    @staticmethod
    def _confirm(turn: Turn, card: Card) -> None:
        offer = {
            "kind": BLOCK_CARD,
            "card_tail": card.card_tail,
            "reminder": "utter_block_still_open",
            "stays": True,  # a card that is gone must not be forgotten over a balance
        }
        turn.remember("offer", offer)
        turn.say("utter_confirm_block", tail=wording.tail(card.card_tail), card=card.name)


def keep_card(turn: Turn) -> None:
    """The customer does not want it blocked after all."""
    turn.forget("offer", "question")
    turn.say("utter_not_blocked")


async def block_card(turn: Turn, card_tail: str) -> None:
    """Block the card the customer has confirmed, and say what comes next."""
    key = f"{turn.sender_id}:block:{card_tail}"
    card = await turn.services.banking.block_card(await turn.principal(), card_tail, idempotency_key=key)
    turn.forget("offer", "question")
    turn.say("utter_card_blocked", tail=wording.tail(card.card_tail), card=card.name)


def send_to_person(turn: Turn) -> None:
    """Let a person block the card now, with what the customer has said of it so far."""
    question = Question.recalled(turn)
    tail = (turn.recall("offer") or {}).get("card_tail") or (question.card_tail if question else None)
    turn.say("utter_lost_card_unavailable")
    turn.hand_off("lost_card", turn.services.texts("utter_note_block", card=wording.tail(tail)) if tail else None)
