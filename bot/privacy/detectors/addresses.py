"""Where somebody lives, down to the house."""

import re
from collections.abc import Iterator

from bot.privacy.detectors.match import Candidate
from bot.privacy.findings import Kind

_NUMBER = r"(?:\d{1,5}|[一二三四五六七八九十百]{1,4}|[A-Za-z]\d{0,3})"
_PART = (
    rf"(?<!月)(?<!第)(?<!\d){_NUMBER} ?"
    r"(?:号楼|号院|号(?![线卡码店])|弄|巷|栋|幢|座|单元|室|楼|层|户|组|房|门(?!店)|#)"
)
_WORDS = r"[\u4e00-\u9fffA-Za-z0-9 ()·#-]"
_DOOR = r"(?: ?[A-Za-z]?-?\d{1,4}(?:-\d{1,4}){0,3}(?![\d年月日元万块次]))?"
_HOUSE = rf"{_PART}(?: ?{_PART}){{0,6}}{_DOOR}"
_BUILDING = r"[\u4e00-\u9fffA-Z]{1,10}?(?:大厦|广场|公寓|中心|小区|花园|大楼|国际|苑|城)"
_TO_THE_DOOR = rf"{_HOUSE}(?:{_BUILDING}(?: ?{_PART}){{0,4}}{_DOOR})?"

# --- said to be where one lives or gets mail ---

_LIVING = (
    r"(?:(?<!居)住(?![宿院房宅址])|(?:老家|户口|户籍)(?:地址)?[在是]|家(?:就|里)?在|(?:公司|单位)在|搬[到去]"
    r"|寄|邮到|送到|快递到|(?<!网)(?:住址|地址))"
)
_LINK = (
    r"(?:[了在是的为: ,，我就到至去往给改换填写]|成(?!都)|新(?![乡余疆城华村街])|家(?!园)"
    r"|变更|更新|登记|现在|这里){0,8}"
)
_NAMED = re.compile(rf"{_LIVING}{_LINK}(?P<value>{_WORDS}{{0,50}}{_TO_THE_DOOR})")

# --- complete, from province or city on ---

_PROVINCE = (
    "(?:北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|(?:壮族|回族|维吾尔)?自治区)?"
)
_CITY = r"(?:(?<![\u4e00-\u9fff])|(?<=[在是到]))[\u4e00-\u9fff]{2,5}?市"
_COMPLETE = re.compile(
    rf"(?P<value>(?:{_PROVINCE}|{_CITY})[\u4e00-\u9fff]{{1,20}}?[区县市镇乡]{_WORDS}{{1,30}}?{_TO_THE_DOOR})"
)

_PLACE = re.compile(
    "[省市区县镇乡村路街巷弄苑庭园城府里湾庄屯寨院]|大道|胡同|公寓|大厦|广场|楼盘|中心|国际"  # 小区, 花园 … are within
)
_UNITS = re.compile(_PART)

# --- where a branch is everybody may know ---

_BRANCH = "支行|网点|分行|总行|营业厅|营业部|ATM|atm"
_BRANCH_AFTER = re.compile(
    r" ?(?:的|那个|那家|那边|附近|旁边|对面|你们){0,4}[\u4e00-\u9fff]{0,4}"
    rf"(?:{_BRANCH}|取款机|自助银行|银行|柜台|邮局)"
)
_BRANCH_BEFORE = re.compile(rf"(?:{_BRANCH}|银行|你们行?|贵行|法院|派出所)的?(?:新|老|旧|详细|办公|联系)?$")
_BRANCH_WITHIN = re.compile(f"{_BRANCH}|你们行")


def addresses(text: str) -> Iterator[Candidate]:
    """A place down to the house, where somebody says to live or to get mail there, or from province or city on.

    A town or a street alone says little.
    """
    for pattern in (_NAMED, _COMPLETE):
        for match in pattern.finditer(text):
            start, end = match.span("value")
            value = text[start:end]
            if _is_house(value) and not _is_branch(text, match.start(), value, end):
                start += len(value) - len(value.lstrip(" ,:"))
                value = value.strip(" ,:-#")
                yield Candidate(Kind.ADDRESS, start, start + len(value), value.replace(" ", ""))


def _is_house(value: str) -> bool:
    return _PLACE.search(value) is not None or len(_UNITS.findall(value)) > 1


def _is_branch(text: str, start: int, value: str, end: int) -> bool:
    before = _BRANCH_BEFORE.search(text, max(0, start - 12), start)
    return bool(before or _BRANCH_AFTER.match(text, end) or _BRANCH_WITHIN.search(value))
