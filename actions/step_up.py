"""The identity check, the same for every request that needs one."""

import math

from actions.turn import Turn
from bot.identity.errors import ChallengeLockedError, ResendTooSoonError, UnknownCustomerError


async def step_up(turn: Turn, resume: str) -> None:
    """Send a one-time code, or ask for the phone number it can go to.

    `resume` is the payload that repeats the request. Identity keeps it with the code; the slot `proof` keeps it
    too, for a customer who first has to send a phone number or wants the code again.
    """
    phone = turn.phone or (turn.recall("proof") or {}).get("phone")
    turn.remember("proof", {"resume": resume, "phone": phone})
    try:
        sent = await turn.services.identity.start_challenge(turn.conversation_id, resume=resume, phone=phone)
    except UnknownCustomerError:
        turn.say("utter_ask_phone")
    except ResendTooSoonError as error:
        # The code may have gone to another conversation with this phone, where alone it can be used.
        sent_here = await turn.services.identity.expects_code(turn.conversation_id)
        turn.say("utter_code_too_soon" if sent_here else "utter_code_not_yet", seconds=error.seconds)
    except ChallengeLockedError as error:
        wait = (error.until - turn.services.clock()).total_seconds()
        turn.say("utter_code_locked", minutes=max(1, math.ceil(wait / 60)))
    else:
        turn.say("utter_code_sent", phone=sent.masked_phone, minutes=sent.minutes)
