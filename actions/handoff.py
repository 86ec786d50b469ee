"""The way to a person: on request, in anger, or when the assistant does not get on."""

from typing import Any

from actions.base import BankAction
from actions.turn import Turn
from bot.complaints.severity import is_grave


def misunderstood(turn: Turn, response: str, *, metadata: dict[str, Any] | None = None) -> None:
    """Say that this was not understood and offer a person; after too many times in a row, fetch one."""
    turn.misunderstood = True
    misses = int(turn.recall("misses") or 0) + 1
    turn.remember("misses", misses)
    if misses >= turn.services.settings.misses_before_handoff:
        turn.remember("misses", 0)
        turn.say("utter_handoff_misses", metadata=metadata)
        turn.hand_off("misses")
    else:
        turn.remember("offer", {"kind": "person"})
        turn.say(response, metadata=metadata)


def handed_off_as_grave(turn: Turn) -> bool:
    """Fetch a person at once for fraud, personal safety, media or a regulator; False where nothing is said of them."""
    if not is_grave(turn.text):
        return False
    turn.say("utter_handoff_grave")
    turn.hand_off("grave_complaint", turn.text)
    return True


class HandOff(BankAction):
    """Fetches a person for whoever asks for one or is angry. The gateway tells the position in the queue."""

    action_name = "action_hand_off"

    async def answer(self, turn: Turn) -> None:
        question = turn.recall("question") or {}
        if handed_off_as_grave(turn):
            return
        if turn.intent == "express_anger":
            turn.say("utter_handoff_anger")
            turn.hand_off("anger")
        elif question.get("topic") == "report_lost_card" and question.get("open"):
            turn.hand_off("lost_card")
        else:
            turn.hand_off("asked")
