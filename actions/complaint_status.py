"""投诉进度: by number, or the signed-in customer's own."""

import re

from actions.base import BankAction
from actions.turn import Turn
from bot import wording
from bot.clock import bank_date
from bot.complaints.errors import MistypedNumberError, UnknownComplaintError
from bot.complaints.models import Complaint
from bot.identity.principal import Level

_WITH_TS = r"(?<![A-Za-z])TS(?:[\s-]?\d){13}(?!\d)|(?<![A-Za-z])TS(?:[\s-]?\d){6,20}"
_CERTAIN = re.compile(_WITH_TS, re.IGNORECASE)
_NUMBER = re.compile(rf"{_WITH_TS}|(?<!\d)\d{{8}}[\s-]?\d{{4}}[\s-]?\d(?!\d)", re.IGNORECASE)
_SHOWN = 3


class CheckComplaint(BankAction):
    """Tells how a complaint stands. A number anywhere in the customer's words is enough."""

    action_name = "action_check_complaint"

    def continues(self, turn: Turn) -> bool:
        return not turn.is_payload and _CERTAIN.search(turn.text) is not None

    def resume(self, turn: Turn) -> str:
        number = self._number(turn)
        return f'/check_complaint{{"complaint_number":"{number}"}}' if number else "/check_complaint"

    async def answer(self, turn: Turn) -> None:
        who = await turn.principal()
        number = self._number(turn)
        if number is not None:
            try:
                self._tell(turn, [await self.services.complaints.status(who, number)])
            except MistypedNumberError:
                turn.say("utter_complaint_number_mistyped", number=number)
            except UnknownComplaintError:
                turn.say("utter_complaint_unknown", number=number)
        elif who.level < Level.BOUND:
            turn.remember("proof", {"resume": "/check_complaint", "phone": None})
            turn.say("utter_ask_complaint_number")
        else:
            self._tell(turn, await self.services.complaints.mine(who))

    @staticmethod
    def _number(turn: Turn) -> str | None:
        if turn.is_payload:
            return turn.entity("complaint_number")
        found = _NUMBER.search(turn.text)
        return found[0] if found else None

    @staticmethod
    def _tell(turn: Turn, complaints: list[Complaint]) -> None:
        if not complaints:
            turn.say("utter_no_complaints")
        for complaint in complaints[:_SHOWN]:
            turn.say(
                f"utter_complaint_{complaint.state.value}",
                number=complaint.number,
                received=wording.day(bank_date(complaint.received_at), turn.today),
                due=wording.day(complaint.due_on, turn.today),
            )
