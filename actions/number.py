"""A number alone, or 最后一个, where nothing is there to be chosen and no card is spoken of."""

import re
import unicodedata

from actions.base import BankAction
from actions.person import misunderstood
from actions.turn import Turn

_NUMBER = re.compile(
    r"[¥￥]?\d{1,5}(\.\d+)?[元块万.。]?|第?[一二三四五六七八九十两\d]{1,2}[个项条张笔]?|最?[后前]面?[一那]?[个张条项]"
)
_FAREWELL = re.compile("8{2,3}6?")
"""88: bye-bye."""


class AskWhatNumber(BankAction):
    """Asks what the number means rather than guess. Rasa does not know of it."""

    action_name = "action_ask_what_number"

    def continues(self, turn: Turn) -> bool:
        text = unicodedata.normalize("NFKC", turn.text)
        if turn.is_payload or turn.in_form or (turn.intent == "goodbye" and _FAREWELL.fullmatch(text)):
            return False
        return _NUMBER.fullmatch(text) is not None

    async def answer(self, turn: Turn) -> None:
        misunderstood(turn, "utter_what_number")
