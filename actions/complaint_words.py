"""投诉: the words by which the complaint form tells a change, a wish, a question and the like."""

import re

from actions.complaints import PHONE, TARGET, WHAT, WISH

_FIELDS = {
    TARGET: "对象|产品|渠道",
    WHAT: "情况|内容|描述|经过|事情",
    WISH: "诉求|要求|希望",
    PHONE: "电话|手机号|号码|联系方式",
}
_CHANGE = re.compile("修改|更改|改一下|改下|改改|改成|改为|要改|重新填|重填|写错|填错")
_CORRECTION = re.compile("不对|不是|说错|弄错|搞错|写错|填错|应该是|改成|改为|更正|其实是")
_WRONG = re.compile("不对|错了|说错|弄错|搞错|写错|填错|不是[啊呀吧，。！]*$")
_NOTHING = re.compile(
    "没(有|啥|得)?(什么|啥)?(特别|其他|别)?的?(要求|诉求|想法)?[了吧啊]?|无|不用了?|跳过|随便|不需要|不知道|不清楚|说不清"
)
_SUBMIT = re.compile("(确认|现在|马上|可以|就这样)?提交|没问题|没错|确认|可以了|就这样")
_OPENING = re.compile(
    "^(你好|您好|请问|喂|我|要|想|得|来|进行|提出|投诉|举报|反映|一下|个|问题|情况|你们|[，。,！!：: ])+"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_QUESTION = re.compile("[?？吗呢]\\s*$|怎么|什么|多少|多久|几[点号天个]|哪|为什么|能不能|可不可以|可以.*吗|如何|是不是")
_CLAIM = re.compile(
    # No repeated alternative is made of two others, or a long text would be read in as many ways as there are.
    "^(不是|不|哦|那|对了?|还是|应该是|改成|改为|[，。,！! ])*"
    "(?P<wish>(我|要|想|就|只|希望|要求|你们|得|把|给)*(退|赔|补偿|道个?歉|减免|撤销|认错|说声对不起).{0,10})$"
)
_WISHING = re.compile("退|赔|道歉|希望|要求|尽快|还给|恢复|处理|解释|说法|撤销|改正|减免")
_CHOICES = {
    "手机银行": re.compile("手机银行|app|客户端", re.IGNORECASE),
    "信用卡": re.compile("信用卡"),
    "网点服务": re.compile("网点|柜台|大堂|营业厅|支行"),
    "贷款": re.compile("贷款|房贷|车贷"),
    "理财": re.compile("理财"),
}
_YES = re.compile("好的?|可以|有的?|嗯+|是的?|对的?|行|要")


def field(text: str) -> str | None:
    """The slot whose name is said (修改电话)."""
    words_alone = re.sub(r"\[[^\]]*\]", "", text)  # [手机号1] is a number, not the word for one
    return next((slot for slot, words in _FIELDS.items() if re.search(words, words_alone)), None)


def choice(text: str, offered: set[str]) -> str | None:
    """The target among those `offered` that the text names in its own words (柜台 for 网点服务)."""
    return next((title for title, words in _CHOICES.items() if title in offered and words.search(text)), None)


def asks_change(text: str) -> bool:
    """改一下."""
    return _CHANGE.search(text) is not None


def corrects(text: str) -> bool:
    """不对，是手机银行."""
    return _CORRECTION.search(text) is not None


def is_wrong(text: str) -> bool:
    """Begins with what says only that something is wrong: 写错了."""
    return _WRONG.match(text) is not None


def says_nothing(text: str) -> bool:
    """没有特别的要求."""
    return _NOTHING.fullmatch(text) is not None


def submits(text: str) -> bool:
    """没问题，提交吧."""
    return _SUBMIT.match(text) is not None


def agrees(text: str) -> bool:
    """A plain yes."""
    return _YES.fullmatch(text) is not None


def asks(text: str) -> bool:
    """Reads as a question."""
    return _QUESTION.search(text) is not None


def wishes(text: str) -> bool:
    """Says what the bank should do, perhaps beside other things."""
    return _WISHING.search(text) is not None


def claim(text: str) -> str | None:
    """What the customer wants done, where that is all the text says: 不是，改成赔我路费 gives 赔我路费."""
    found = _CLAIM.match(text)
    return found["wish"] if found else None


def story(text: str) -> str:
    """Without the opening that only says that this is a complaint."""
    return _OPENING.sub("", text)


def count_chinese(text: str) -> int:
    """How many Chinese characters there are."""
    return len(_CHINESE.findall(text))
