"""When a person is fetched without having been asked for."""

from typing import Any

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
    hand_off_as_grave(turn)
    return True


def hand_off_as_grave(turn: Turn) -> None:
    """Fetch a person at once, who is told what the customer said."""
    turn.say("utter_handoff_grave")
    turn.hand_off("grave_complaint", turn.text)
