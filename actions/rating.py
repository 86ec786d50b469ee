"""评价: one to five, in digits, stars or words."""

import re

from actions.base import BankAction
from actions.turn import Turn

_DIGIT = re.compile(r"(?<!\d)([1-5一二两三四五])\s*(?:分|颗?星|$|[，。！!,.])")
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_WORDS = (
    (1, "非常不满|很不满|太差|很差|极差|差评|垃圾"),
    (2, "不满意|不太满意|不好|不怎么样"),
    (5, "非常满意|很满意|特别满意|十分满意|满分|好评|非常好|很好|太好了|特别好"),
    (4, "满意|不错|挺好|还好"),
    (3, "一般|还行|凑合|马马虎虎"),
)


class RateService(BankAction):
    """Takes the customer's rating of this conversation, or asks for it with five buttons."""

    action_name = "action_rate_service"

    def continues(self, turn: Turn) -> bool:
        asked = (turn.recall("offer") or {}).get("kind") == "rating"
        return asked and not turn.is_payload and score_of(turn.text) is not None

    async def answer(self, turn: Turn) -> None:
        score = score_of(turn.entity("amount") if turn.is_payload else turn.text)
        if score is None:
            turn.remember("offer", {"kind": "rating"})
            turn.say("utter_ask_rating")
            return
        await self.services.ratings.rate(turn.conversation_id, score)
        turn.say("utter_rated_well" if score >= 4 else "utter_rated_badly")


def score_of(text: str | None) -> int | None:
    """The rating from 1 to 5 that `text` gives, if it gives one."""
    if not text:
        return None
    digit = _DIGIT.search(text)
    if digit:
        return _CHINESE.get(digit[1]) or int(digit[1])
    return next((score for score, words in _WORDS if re.search(words, text)), None)
