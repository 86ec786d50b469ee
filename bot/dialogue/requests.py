"""Several requests in one message: 查余额顺便看看积分 is 查余额, then 看看积分."""

import re
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any, NamedTuple

Understand = Callable[[str], Awaitable[dict[str, Any]]]
"""What Rasa makes of a text: `{"intent": {"name", "confidence"}, …}`."""

_FIGURES = "余额|积分|账单|明细|流水"
_AND = (
    "然后再?|接着再?|完了再|再(?=帮|给|替|查|看|问|说|来|告诉|推荐)|顺便再?|顺带再?|另外|此外|还有就是|还有(?!多少|多久|几)"
    "|还(?=想|要(?!多久|几|多少))|同时|以及|并且"
    f"|(?<={_FIGURES})(?:和|跟|与|、)(?=我?的?(?:{_FIGURES}|信用卡账单))"
)
_JOINT = re.compile(rf"[，,。；;！!？?\s]*(?P<word>{_AND})[，,\s]*|[，,。；;！!？?]+")
_ASKS = re.compile(
    f"查|看|问|多少|几|怎么|咋|如何|吗|呢|什么|啥|哪|帮|推荐|告诉|了解|想|要|能不能|可不可以|投诉|{_FIGURES}"
)
_COURTESY = re.compile(
    "(你好|您好|哈喽|在吗|谢谢|多谢|谢了|麻烦|辛苦|请问|请|喂|嗨|那个|先|小掌|掌柜|一下|你|您|了|啊|呀|哦|嗯|吧|哈|\\s)*"
)
_OWN = {"check_balance", "check_transactions", "check_credit_card", "check_points"}
_TASKS = _OWN | {"check_complaint", "report_lost_card", "recommend_product", "ask_faq"}
_LAST = _TASKS | {"file_complaint"}
_SURE = 0.6
_LONGEST = 80
"""Characters: what is longer tells a story."""


class Split(NamedTuple):
    """The first request of a message, and the words that follow it."""

    first: str
    rest: str


class _Clause(NamedTuple):
    start: int
    end: int
    joined: bool
    """Whether a word joins it to the clause before, not a comma alone."""


async def split(text: str, understand: Understand) -> Split | None:
    """Part `text` where one request ends and another begins; None where it is one request.

    It is parted only when each part, by itself, is surely understood as a request, and as another one than its
    neighbour. `understand` is asked only about messages whose words allow it.
    """
    if len(text) > _LONGEST:
        return None
    clauses = [each for each in _clauses(text) if not _COURTESY.fullmatch(text[each.start : each.end])]
    if len(clauses) < 2 or not all(_ASKS.search(text[each.start : each.end]) for each in clauses):
        return None
    intents = [await _sure_intent(text[each.start : each.end], understand) for each in clauses]
    if not set(intents[:-1]) <= _TASKS or intents[-1] not in _LAST:
        return None
    for (before, intent), (clause, other) in pairwise(zip(clauses, intents, strict=True)):
        if _is_another(intent, other, joined=clause.joined):
            return Split(text[: before.end].strip(), text[clause.start :].strip())
    return None


def _is_another(intent: str, other: str, *, joined: bool) -> bool:
    """Commas also part the halves of one question; between figures of one's own they part requests."""
    if joined:
        return intent != other or intent == "ask_faq"
    return intent != other and {intent, other} <= _OWN


def _clauses(text: str) -> list[_Clause]:
    """The stretches between the joints; a message may begin with a joint."""
    joints = list(_JOINT.finditer(text))
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(text)]
    joined = [False, *(joint["word"] is not None for joint in joints)]
    return [_Clause(*each) for each in zip(starts, ends, joined, strict=True) if each[0] < each[1]]


async def _sure_intent(text: str, understand: Understand) -> str:
    intent = (await understand(text)).get("intent") or {}
    return str(intent.get("name")) if float(intent.get("confidence") or 0) >= _SURE else ""
