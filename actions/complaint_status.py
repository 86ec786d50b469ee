"""投诉进度, 撤诉, 补充, 重新处理: what a customer does with a filed complaint, by number or among the own ones."""

import json
from hashlib import sha256

from actions.base import BankAction
from actions.complaint_requests import Request, addition_in, is_story, names_complaint, number_in, open_to, request_in
from actions.person import handed_off_as_grave
from actions.turn import Button, Turn
from bot import wording
from bot.clock import bank_date
from bot.complaints.errors import (
    ForbiddenComplaintMoveError,
    MistypedNumberError,
    ReopenTooLateError,
    UnknownComplaintError,
)
from bot.complaints.models import Complaint
from bot.complaints.states import Event, possible
from bot.identity.errors import AssuranceRequiredError

WITHDRAW, ADD = "withdraw_complaint", "add_to_complaint"
_SHOWN = 3
_NO_ADDITION = ("cancel", "deny", "request_human", "goodbye", "thank")


class CheckComplaint(BankAction):
    """Tells how a complaint stands, withdraws it, adds to it, or has it looked at again."""

    action_name = "action_check_complaint"

    def continues(self, turn: Turn) -> bool:
        return names_complaint(turn) or is_addition(turn)

    def resume(self, turn: Turn) -> str:
        named = {"complaint_number": number_in(turn), "complaint_request": request_in(turn)}
        return _payload(**{name: value for name, value in named.items() if value not in (None, "status")})

    async def answer(self, turn: Turn) -> None:
        if is_addition(turn):
            await add(turn)
            return
        request = request_in(turn)
        number = number_in(turn)
        try:
            if number is not None:
                await self._with(turn, request, await self.services.complaints.status(await turn.principal(), number))
            else:
                await self._choose(turn, request)
        except MistypedNumberError:
            turn.say("utter_complaint_number_mistyped", number=number)
        except UnknownComplaintError:
            turn.say("utter_complaint_unknown", number=number)

    async def _choose(self, turn: Turn, request: Request) -> None:
        """The complaint that can be meant; the customer says which when there are several."""
        try:
            mine = await self.services.complaints.mine(await turn.principal())
        except AssuranceRequiredError:
            turn.remember("proof", {"resume": self.resume(turn), "phone": None})
            turn.say("utter_ask_complaint_number")
            return
        fitting = open_to(mine, request)
        if request == "status":
            self._tell(turn, mine)
        elif not fitting:
            turn.say("utter_no_complaints" if not mine else f"utter_no_complaint_to_{request}")
        elif len(fitting) == 1:
            await self._with(turn, request, fitting[0])
        else:
            turn.say("utter_which_complaint", buttons=[self._button(turn, request, one) for one in fitting[:_SHOWN]])

    @staticmethod
    def _button(turn: Turn, request: Request, complaint: Complaint) -> Button:
        received = wording.day(bank_date(complaint.received_at), turn.today)
        about = complaint.target or turn.services.texts("utter_complaint_nothing")
        title = turn.services.texts("utter_button_complaint", received=received, about=about, number=complaint.number)
        return {"title": title, "payload": _payload(complaint_number=complaint.number, complaint_request=request)}

    async def _with(self, turn: Turn, request: Request, complaint: Complaint) -> None:
        if not open_to([complaint], request):
            turn.say(f"utter_complaint_no_{request}", number=complaint.number)
            self._tell(turn, [complaint])
            return
        match request:
            case "withdraw":
                offer = {"kind": WITHDRAW, "number": complaint.number, "reminder": "utter_withdrawal_still_open"}
                turn.remember("offer", offer)
                turn.say("utter_confirm_withdrawal", number=complaint.number, what=_short(complaint.what))
            case "add":
                turn.remember("offer", {"kind": ADD, "number": complaint.number})
                said = None if turn.is_payload else addition_in(turn.text)
                await (add(turn, said) if said else _ask_what_to_add(turn, complaint.number))
            case "reopen":
                await self._reopen(turn, complaint.number)
            case _:
                self._tell(turn, [complaint])

    async def _reopen(self, turn: Turn, number: str) -> None:
        reason = turn.services.texts("utter_reopen_reason") if turn.is_payload else turn.text
        try:
            complaint = await self.services.complaints.reopen(await turn.principal(), number, reason)
        except ReopenTooLateError as error:
            turn.say("utter_complaint_reopen_late", number=number, until=wording.day(error.until, turn.today))
            return
        turn.remember("offer", {"kind": ADD, "number": number})
        turn.say("utter_complaint_reopened_now", number=number, due=wording.day(complaint.due_on, turn.today))

    @classmethod
    def _tell(cls, turn: Turn, complaints: list[Complaint]) -> None:
        if not complaints:
            turn.say("utter_no_complaints")
        for complaint in complaints[:_SHOWN]:
            again = [cls._again(turn, complaint)] if Event.REOPEN in possible(complaint.state) else []
            turn.say(
                f"utter_complaint_{complaint.state.value}",
                buttons=again,
                number=complaint.number,
                received=wording.day(bank_date(complaint.received_at), turn.today),
                due=wording.day(complaint.due_on, turn.today),
                answer=complaint.answer or "",
            )

    @staticmethod
    def _again(turn: Turn, complaint: Complaint) -> Button:
        payload = _payload(complaint_number=complaint.number, complaint_request="reopen")
        return {"title": turn.services.texts("utter_button_reopen"), "payload": payload}


async def withdraw(turn: Turn, number: str) -> None:
    """Withdraw the complaint, as the customer has confirmed."""
    try:
        await turn.services.complaints.withdraw(await turn.principal(), number)
    except ForbiddenComplaintMoveError:  # answered just now
        turn.say("utter_complaint_no_withdraw", number=number)
    else:
        turn.say("utter_complaint_withdrawn_now", number=number)


def is_addition(turn: Turn) -> bool:
    """Whether the message is what was asked for to be added to a complaint."""
    asked = (turn.recall("offer") or {}).get("kind") == ADD
    return asked and not turn.is_payload and turn.intent not in _NO_ADDITION and is_story(turn)


async def add(turn: Turn, text: str | None = None) -> None:
    """Add `text`, or all of the message, to the complaint that was spoken of."""
    number = turn.recall("offer")["number"]
    words = text or turn.text
    key = f"{turn.sender_id}:{number}:{sha256(words.encode()).hexdigest()[:32]}"
    try:
        await turn.services.complaints.add(await turn.principal(), number, words, idempotency_key=key)
    except ForbiddenComplaintMoveError:
        turn.say("utter_complaint_no_add", number=number)
        return
    turn.remember("offer", None)
    turn.say("utter_complaint_addition_kept", number=number)
    handed_off_as_grave(turn)


async def _ask_what_to_add(turn: Turn, number: str) -> None:
    turn.say("utter_ask_complaint_addition", number=number)


def _payload(**entities: str | None) -> str:
    given = json.dumps(entities, ensure_ascii=False, separators=(",", ":")) if entities else ""
    return f"/check_complaint{given}"


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"
