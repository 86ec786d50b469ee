"""那手续费呢, 跨行的呢, 那要多久: a question that means the subject of the last answer, and says so no more."""

import asyncio
import re

from actions.base import BankAction
from actions.catalogue import answered_from_catalogue
from actions.ellipsis import ELLIPTIC, completed
from actions.faq import FAQ, LIKELY, answered_before, missed, say_found, surest
from actions.turn import Turn
from bot.knowledge.retriever import Answer

_OWN = re.compile("我的|余额|积分还?有|账单|明细|流水|丢|挂失|不见|人工|投诉|客服")
_ELSEWHERE = ("affirm", "deny", "cancel", "request_human", "express_anger", "greet", "goodbye", "thank")
_SURE = 0.8
_ANOTHER = 0.9
"""So sure of another entry, that is meant; else what was answered may well hold for this as well (跨行的呢)."""


class FollowUpFaq(BankAction):
    """Completes the question by a word of the last one before searching. Rasa does not know of it."""

    action_name = "action_follow_up_faq"
    aside = True

    def continues(self, turn: Turn) -> bool:
        elliptic = not turn.is_payload and turn.recall(FAQ) and ELLIPTIC.fullmatch(turn.text)
        elsewhere = turn.intent in _ELSEWHERE and turn.confidence >= _SURE
        return bool(elliptic) and not elsewhere and not _OWN.search(turn.text)

    async def answer(self, turn: Turn) -> None:
        if answered_from_catalogue(turn):
            return
        found = await asyncio.to_thread(self._found, turn)
        if not say_found(turn, found, least=LIKELY):
            await missed(turn, found, "utter_faq_miss")

    def _found(self, turn: Turn) -> Answer:
        """Of all ways to complete the question the surest, rather with another entry than with the same."""
        ask, before = self.services.retriever.answer, answered_before(turn)
        if before is None:
            return ask(turn.text)
        answers = [ask(query) for query in completed(before.question, turn.text)]
        others = [a for a in answers if a.hits and a.hits[0].entry_id != before.id and a.hits[0].score >= _ANOTHER]
        return surest(others or answers)
