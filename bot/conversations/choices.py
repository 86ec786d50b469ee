"""Buttons as numbered choices, for channels without buttons and for people who answer with a number."""

import re
import unicodedata
from collections.abc import Sequence

from bot.conversations.messages import Button

_LINK = re.compile("https?://")
_OWN_NUMBER = re.compile(r"\d{1,2}")
_ORDINALS = {character: number for number, character in enumerate("一二三四五六七八九", start=1)}
_NUMBER = r"(\d{1,2}|[一二两三四五六七八九十])"
_CHOICE = re.compile(
    # A measure word of the thing itself follows ordinals only: 第二张 is one of the cards, 两张 are two of them.
    rf"(?:我?(?:回复|选择?|要|就是?))?(?:第{_NUMBER}[张款笔件种位家]卡?|第?{_NUMBER}(?:个|项|条|号)?)(?:的|吧|、|\.|。|！|!)*"
)
_ENDING = "[个张款笔件种位家项条号]?卡?(?:的|吧|、|\\.|。|！|!)*"
_BEFORE = "(?:我?(?:回复|选择?|要|就要?是?|是))?"
_FIRST = re.compile(f"{_BEFORE}(?:头一|(?:最?上面|最前面)那?一?){_ENDING}")
_LAST = re.compile(f"{_BEFORE}(?:最后面?那?一?|末尾那?一?|(?:最下面|最底下)那?一?){_ENDING}")
_NONE_OF_THESE = '"none"'


def numbered(buttons: Sequence[Button]) -> list[tuple[int, Button]]:
    """The buttons with the numbers that choose them: their own where every title begins with another one (5分).

    A button that is a link is opened, not chosen, and has no number.
    """
    buttons = [button for button in buttons if not _LINK.match(button.payload)]
    own = [_OWN_NUMBER.match(button.title) for button in buttons]
    numbers = [int(match[0]) for match in own if match]
    if buttons and len(set(numbers)) == len(buttons):
        return list(zip(numbers, buttons, strict=True))
    return list(enumerate(buttons, start=1))


def chosen(text: str, buttons: Sequence[Button]) -> Button | None:
    """The button meant by `text`: its title, or its place alone (2, 回复2, 第二个, 第二张卡吧, 最后一个)."""
    for button in buttons:
        if button.title == text:
            return button
    words = unicodedata.normalize("NFKC", re.sub(r"\s", "", text))
    if _FIRST.fullmatch(words) or _LAST.fullmatch(words):
        alike = _alike(buttons)
        return alike[-1 if _LAST.fullmatch(words) else 0] if len(alike) > 1 else None
    match = _CHOICE.fullmatch(words)
    if match is None:
        return None
    return dict(numbered(buttons)).get(_number(match[1] or match[2]))


def _alike(buttons: Sequence[Button]) -> list[Button]:
    """The buttons to choose from: those that lead where the first does, without 都不是, 转人工 and the like."""
    intents = [button.payload.partition("{")[0] for button in buttons]
    pairs = zip(buttons, intents, strict=True)
    return [button for button, intent in pairs if intent == intents[0] and _NONE_OF_THESE not in button.payload]


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return {"两": 2, "十": 10}.get(written) or _ORDINALS[written]
