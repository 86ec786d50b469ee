"""那手续费呢, 跨行的呢, 那要多久: a question that means the subject of the last answer, and says so no more."""

import asyncio
import re
from collections.abc import Iterator

import jieba

from actions.base import BankAction
from actions.faq import FAQ, LIKELY, missed, say_found
from actions.turn import Turn
from bot.knowledge.retriever import Answer

_BEGINS = "(?:那么|那|还有|如果是?|要是|换成|至于|可是|但是|不过)"
_ASKS = "吗|么|多少|多久|多长|几|怎么|咋|如何|什么|啥|哪|谁|行不行|可不可以|可以|能不能|要不要|收不收|有没有|需要|要"
_ELLIPTIC = re.compile(
    rf"(?:{_BEGINS}+(?P<asked>.{{1,12}}?)呢?|(?P<named>.{{1,8}}?)呢|{_BEGINS}*(?P<question>(?:{_ASKS}).{{0,8}}))[?？。!！~]*"
)
_OWN = re.compile("我的|余额|积分还?有|账单|明细|流水|丢|挂失|不见|人工|投诉|客服")
_ELSEWHERE = ("affirm", "deny", "cancel", "request_human", "express_anger", "greet", "goodbye", "thank")
_SURE = 0.6
_MODIFIES = re.compile("(的|到|给)$")
_NO_SUBJECT = re.compile(
    "^(怎么|如何|多少|多久|什么|哪些|哪里|可以|需要|为什么|是否|银行|一下|没有|时候|自己|办理|有)$"
)


class FollowUpFaq(BankAction):
    """Completes the question by a word of the last one before searching. Rasa does not know of it."""

    action_name = "action_follow_up_faq"
    aside = True

    def continues(self, turn: Turn) -> bool:
        elliptic = not turn.is_payload and turn.recall(FAQ) and _ELLIPTIC.fullmatch(turn.text)
        elsewhere = turn.intent in _ELSEWHERE and turn.confidence >= _SURE
        return bool(elliptic) and not elsewhere and not _OWN.search(turn.text)

    async def answer(self, turn: Turn) -> None:
        found = await asyncio.to_thread(self._best, turn)
        if not say_found(turn, found, least=LIKELY):
            await missed(turn, found, "utter_faq_miss")

    def _best(self, turn: Turn) -> Answer:
        """Of all ways to complete the question the one that the knowledge base is surest of."""
        answers = [self.services.retriever.answer(query) for query in completed(turn.recall(FAQ), turn.text)]
        return max(answers, key=lambda answer: answer.hits[0].score if answer.hits else 0.0)


def completed(before: str, text: str) -> Iterator[str]:
    """What `text` may ask in full, after the question `before`; itself last."""
    match = _ELLIPTIC.fullmatch(text)
    words = next((group for group in match.groups() if group), text) if match else text
    if _MODIFIES.search(words):  # 跨行的: the same question of another kind
        yield words.removesuffix("的") + before
        yield words + before
    else:
        for subject in jieba.cut(before, HMM=False):
            if len(subject) > 1 and not _NO_SUBJECT.match(subject):
                yield subject + words
    yield text
