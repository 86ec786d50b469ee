"""The way to a person: on request, or in anger."""

from actions.base import BankAction
from actions.complaint_status import add, is_addition
from actions.person import handed_off_as_grave
from actions.turn import Turn


class HandOff(BankAction):
    """Fetches a person for whoever asks for one or is angry. The gateway tells the position in the queue."""

    action_name = "action_hand_off"

    async def answer(self, turn: Turn) -> None:
        question = turn.recall("question") or {}
        if is_addition(turn):  # told in anger all the same
            await add(turn)
            return
        if handed_off_as_grave(turn):
            return
        if turn.intent == "express_anger":
            turn.say("utter_handoff_anger")
            turn.hand_off("anger")
        elif question.get("topic") == "report_lost_card" and question.get("open"):
            turn.hand_off("lost_card")
        else:
            turn.hand_off("asked")
