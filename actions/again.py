"""再试一次, said or agreed to: repeats the request that core banking or CRM gave no answer to."""

import re

from actions.base import TRY_AGAIN, BankAction
from actions.turn import Turn

_AGAIN = re.compile(
    "(那|好的?|我|请|麻烦|帮我|[，,。 ])*(再|重新?)(试|查|办|来|发|弄)"
    "(试|查|办|一次|一下|一遍|一回|次|下|看)*[吧呗了啊。！!]*"
)


class TryAgain(BankAction):
    """Stands in for the action that was asked; Rasa does not know of it."""

    action_name = "action_try_again"
    actions: dict[str, BankAction]
    """What may be repeated, by name."""

    def continues(self, turn: Turn) -> bool:
        offer = turn.recall("offer") or {}
        agrees = turn.intent == "affirm" or _AGAIN.fullmatch(turn.text) is not None
        return offer.get("kind") == TRY_AGAIN and not turn.is_payload and agrees

    async def answer_as_known(self, turn: Turn) -> None:
        turn.take_for(turn.recall("offer")["payload"])
        await self._asked(turn).answer_as_known(turn)

    def answer_unavailable(self, turn: Turn) -> None:
        self._asked(turn).answer_unavailable(turn)

    def _asked(self, turn: Turn) -> BankAction:
        return self.actions[turn.recall("offer")["action"]]
