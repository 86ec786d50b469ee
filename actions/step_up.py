"""The identity check, the same for every request that needs one."""

import math

from actions.turn import Turn
from bot.identity.errors import ChallengeLockedError, ResendTooSoonError, TooManyCodesError, UnknownCustomerError


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
        await _ask_who(turn)
    except ResendTooSoonError as error:
        # The code may have gone to another conversation with this phone, where alone it can be used.
        sent_here = await turn.services.identity.expects_code(turn.conversation_id)
        turn.say("utter_code_too_soon" if sent_here else "utter_code_not_yet", seconds=error.seconds)
    except TooManyCodesError:
        turn.say("utter_code_too_many")
    except ChallengeLockedError as error:
        wait = (error.until - turn.services.clock()).total_seconds()
        turn.say("utter_code_locked", minutes=max(1, math.ceil(wait / 60)))
    else:
        turn.say("utter_code_sent", phone=sent.masked_phone, minutes=sent.minutes)


async def _ask_who(turn: Turn) -> None:
    """Ask for the phone number on file; in WeChat a page is at hand that binds the account once and for all."""
    services = turn.services
    if await turn.channel() != "wechat" or services.settings.wechat_public_url is None:
        turn.say("utter_ask_phone")
        return
    page = {
        "title": services.texts("utter_button_bind"),
        "payload": f"{services.settings.wechat_public_url}/wechat/bind",
    }
    turn.say("utter_ask_phone_or_bind", buttons=[page])
