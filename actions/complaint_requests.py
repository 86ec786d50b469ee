"""What a customer wants with a filed complaint, and which one is meant."""

import re
from typing import Literal, get_args

from actions.turn import Turn
from bot.complaints.models import Complaint
from bot.complaints.states import Event, possible

Request = Literal["status", "withdraw", "add", "reopen"]
EVENTS: dict[Request, Event] = {"withdraw": Event.WITHDRAW, "add": Event.ADD, "reopen": Event.REOPEN}
"""What each request does to the complaint."""

_WITH_TS = r"(?<![A-Za-z])TS(?:[\s-]?\d){13}(?!\d)|(?<![A-Za-z])TS(?:[\s-]?\d){6,20}"
_CERTAIN = re.compile(_WITH_TS, re.IGNORECASE)
_NUMBER = re.compile(rf"{_WITH_TS}|(?<!\d)\d{{8}}[\s-]?\d{{4}}[\s-]?\d(?!\d)", re.IGNORECASE)
_WORDS: dict[Request, re.Pattern[str]] = {
    "withdraw": re.compile(
        "撤[诉訴]|撤(销|消|回|掉|了|单|案|下|走)|(不|别|不想|不要)再?(投诉了|处理了|追究|追了)|不用(再?处理|管|查)了?"
        "|(取消|关掉|关闭|作废).{0,6}投诉|投诉.{0,8}(取消|算了|不要了|关掉|关闭|作废)"
    ),
    "reopen": re.compile(
        "重新(处理|打开|查|调查|受理|核实)|重[开启]|再(查|处理)一[次遍]"
        "|(结果|答复|回复|处理|意见|结论).{0,8}(不满意|不认可|不同意|不接受|不行|没解决|不服)"
        "|(不满意|不认可|不同意|不接受|不服).{0,8}(结果|答复|回复|处理|意见|结论)"
        "|(结案|办结|处理完).{0,8}(没解决|还在|没弄好|不对)|没(有)?解决"
    ),
    "add": re.compile(
        "补充|追加|加(上)?一?[条点句]|再(说|加)(几句|两句|一点|点)|新(的)?(情况|证据|进展)|漏(说|写|填)|没写进去|没说完"
    ),
}
_ANNOUNCED = re.compile(
    "^.{0,14}?(补充|追加|加一?[条点句]|加上|说明|情况|漏说|漏写|新情况)"
    "(一下|一些|一点|几句|两句|材料|说明|情况|内容|投诉)*[了的吧啊]*[，,。：:、 ]*"
)
_SHORTEST_ADDITION = 6
_SHORTEST_STORY = 4
_SHORT = 12
_STORY_INTENTS = ("file_complaint", "check_complaint", "express_anger", "nlu_fallback", "out_of_scope", "chitchat")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def number_in(turn: Turn) -> str | None:
    """The complaint number that the message gives, as it was typed."""
    if turn.is_payload:
        return turn.entity("complaint_number")
    found = _NUMBER.search(turn.text)
    return found[0] if found else None


def names_complaint(turn: Turn) -> bool:
    """Whether the message holds what can only be a complaint number."""
    return not turn.is_payload and _CERTAIN.search(turn.text) is not None


def request_in(turn: Turn) -> Request:
    """What is wanted: to know how it stands, unless the words or the button say more."""
    if turn.is_payload:
        named = turn.entity("complaint_request")
        return next((request for request in get_args(Request) if request == named), "status")
    return next((request for request, words in _WORDS.items() if words.search(turn.text)), "status")


def addition_in(text: str) -> str | None:
    """What is to be added, when the message says so itself and does not only announce it."""
    rest = _ANNOUNCED.sub("", _NUMBER.sub("", text), count=1).strip("，,。：: ")
    return rest if len(_CHINESE.findall(rest)) >= _SHORTEST_ADDITION else None


def is_story(turn: Turn) -> bool:
    """Whether the message tells something, and is no short request of another kind."""
    return len(_CHINESE.findall(turn.text)) >= _SHORTEST_STORY and (
        len(turn.text) > _SHORT or turn.intent in _STORY_INTENTS
    )


def open_to(complaints: list[Complaint], request: Request) -> list[Complaint]:
    """Those for which `request` is possible in their state."""
    if request == "status":
        return complaints
    return [complaint for complaint in complaints if EVENTS[request] in possible(complaint.state)]
