"""The customer verifies an identity, sends a phone number, or wants the code again."""

import re

from actions.base import BankAction
from actions.step_up import step_up
from actions.turn import Turn
from bot.identity.principal import Level

_CODE = re.compile(r"\d{6}")


class BindAccount(BankAction):
    """Starts a code; once it has passed, the gateway repeats the request that was waiting for it."""

    action_name = "action_bind_account"

    def continues(self, turn: Turn) -> bool:
        sends_phone = turn.phone is not None and turn.recall("proof") is not None
        # Identity consumes a code that is expected; six digits that come this far have no code to match.
        return sends_phone or _CODE.fullmatch(turn.text) is not None

    def resume(self, turn: Turn) -> str:
        waiting = turn.recall("proof") or {}
        return str(waiting.get("resume") or "/bind_account")

    async def answer(self, turn: Turn) -> None:
        who = await turn.principal()
        if who.level >= Level.STEPPED_UP:
            turn.remember("proof", None)
            turn.say("utter_identity_known")
        else:
            await step_up(turn, self.resume(turn))
