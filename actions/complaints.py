"""投诉: what the form asks for, and filing it. It uses what was said already and never asks what the bank knows."""

from typing import TYPE_CHECKING, Any

from actions.base import BankAction
from actions.complaint_status import add, is_addition
from actions.turn import Turn
from bot import wording
from bot.banking.periods import resolve_period
from bot.complaints.models import ComplaintDraft
from bot.complaints.severity import is_urgent
from bot.jio import jionlp

if TYPE_CHECKING:
    from bot.application import Services

REQUESTED = "requested_slot"
WHAT, TARGET, WISH = "complaint_what", "complaint_target", "complaint_wish"
PHONE, CONFIRMED = "complaint_phone", "complaint_confirmed"
CHANGING, FACTS, STARTED = "complaint_changing", "complaint_facts", "complaint_started"
ASKED = (WHAT, TARGET, WISH, PHONE, CONFIRMED)
_CURRENCIES = {"元": "CNY", "港元": "HKD", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY"}
_SLOTS = (*ASKED, CHANGING, FACTS, STARTED)


class AskComplaint(BankAction):
    """Asks for one slot of the form. Not left to Rasa, which takes the payloads of buttons for templates."""

    ends_turn = False

    def __init__(self, services: "Services", slot: str) -> None:
        super().__init__(services)
        self.action_name = f"action_ask_{slot}"
        self._slot = slot

    async def answer(self, turn: Turn) -> None:
        if self._slot != CONFIRMED:
            turn.say(f"utter_ask_{self._slot}")
        elif turn.recall(CHANGING):
            turn.say("utter_ask_complaint_field")
        else:
            self._summarise(turn)

    @staticmethod
    def _summarise(turn: Turn) -> None:
        texts = turn.services.texts
        nothing = texts("utter_complaint_nothing")
        turn.say(
            "utter_complaint_summary",
            target=turn.recall(TARGET) or nothing,
            what=turn.recall(WHAT),
            wish=turn.recall(WISH) or nothing,
            phone=texts(f"utter_complaint_phone_{'given' if turn.recall(PHONE) else 'on_file'}"),
        )


class SubmitComplaint(BankAction):
    """Files what the customer has confirmed; an urgent complaint is filed as it is, and a person comes in."""

    action_name = "action_submit_complaint"

    async def answer(self, turn: Turn) -> None:
        what = turn.recall(WHAT)
        if is_addition(turn):
            await add(turn)
        elif turn.recall(CONFIRMED):
            await self._file(turn)
        elif what and is_urgent(what):
            number = await self._file(turn)  # the bank's clock runs from now on; what is missing the person will ask
            turn.say("utter_handoff_grave")
            turn.hand_off("grave_complaint", f"{number} {what}")
        forget_complaint(turn)

    async def _file(self, turn: Turn) -> str:
        facts = turn.recall(FACTS) or {}
        period = resolve_period(facts["date"], turn.today) if facts.get("date") else None
        draft = ComplaintDraft(
            target=turn.recall(TARGET),
            what=turn.recall(WHAT),
            wish=turn.recall(WISH) or None,
            phone=turn.recall(PHONE),
            occurred_on=period.since if period and period.since == period.until else None,
            **amount_in(facts.get("amount")),
        )
        key = f"{turn.sender_id}:{turn.recall(STARTED)}"
        complaint = await self.services.complaints.file(await turn.principal(), draft, idempotency_key=key)
        turn.say("utter_complaint_filed", number=complaint.number, due=wording.day(complaint.due_on, turn.today))
        return complaint.number


def forget_complaint(turn: Turn) -> None:
    """Empty the form."""
    turn.forget(*_SLOTS)


def amount_in(words: str | None) -> dict[str, Any]:
    """An amount as the customer wrote it (3000元, 五百块, 200美元), if it is one exact sum."""
    if not words:
        return {}
    try:
        money = jionlp.parse_money(words.replace("¥", "").replace(",", ""))
    except ValueError:
        return {}
    currency = _CURRENCIES.get(money["case"])
    if money["definition"] != "accurate" or currency is None:
        return {}
    return {"amount_fen": round(float(money["num"]) * 100), "currency": currency}
