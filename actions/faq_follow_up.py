"""那手续费呢, 跨行的呢, 那要多久: a question that means the subject of the last answer, and says so no more."""

import asyncio
import re

from actions.base import BankAction
from actions.ellipsis import ELLIPTIC
from actions.faq import FAQ, LIKELY, in_context, missed, say_found
from actions.turn import Turn

_OWN = re.compile("我的|余额|积分还?有|账单|明细|流水|丢|挂失|不见|人工|投诉|客服")
_ELSEWHERE = ("affirm", "deny", "cancel", "request_human", "express_anger", "greet", "goodbye", "thank")
_SURE = 0.6


class FollowUpFaq(BankAction):
    """Completes the question by a word of the last one before searching. Rasa does not know of it."""

    action_name = "action_follow_up_faq"
    aside = True

    def continues(self, turn: Turn) -> bool:
        elliptic = not turn.is_payload and turn.recall(FAQ) and ELLIPTIC.fullmatch(turn.text)
        elsewhere = turn.intent in _ELSEWHERE and turn.confidence >= _SURE
        return bool(elliptic) and not elsewhere and not _OWN.search(turn.text)

    async def answer(self, turn: Turn) -> None:
        found = await asyncio.to_thread(in_context, self.services.retriever, turn.recall(FAQ), turn.text)
        if not say_found(turn, found, least=LIKELY):
            await missed(turn, found, "utter_faq_miss")
