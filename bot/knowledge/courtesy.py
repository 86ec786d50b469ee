"""Sets aside what a question says out of courtesy, haste or anger and not about its subject: 你好请问…啊谢谢.

Such words make no question another one, but one that no phrasing of the knowledge base holds makes a match look
doubtful: 谢谢 alone halved what was answered at once.
"""

import re

from bot.knowledge.text import bare
from bot.nlu.text import normalise

_SPLIT = re.compile(r"[\s，。！？；、…,!?;~～]+")
_OPENING = re.compile(
    r"""(?:
    (?:客服|亲爱的|小[姐哥]+|美女|帅哥|老师|大家|亲们?|掌柜)?(?:[你您]好|[早上中下晚][上午]好|在[吗么])
    |hello|hi|嗨|哈喽|亲爱的|亲(?![戚人属子友])
    |[请借]问|请教|劳驾|不好意思|打扰(?:一?下|了)?|跪求|[急求][求问助教]
    |(?:我?就?(?:想要?|要|来)|麻烦|帮我?|我)?(?:询?问|咨询|请教|打听|了解)(?:一?下下?|一?个(?:问题|事儿?))
    |我?就?想(?:问问?|咨询|请教|打听|了解|知道)(?:一?下下?|一?个(?:问题|事儿?))?
    |麻烦(?:[你您]们?)?(?:帮忙?|给)?[我问看]?(?:一?下)?(?=.{4})
    |有(?:谁|没有人|人)(?:知道|懂|清楚)(?:的?吗)?|谁(?:知道|懂)|(?:请|能不能)?告诉我(?:一?下)?
    |关于(?=..)|[那这]个(?![月周星年季人是怎咋要可能在有多])(?=.{4})
    |我?(?:[昨前今]天|刚才|刚刚|现在|[前这][几两]天)(?=.{4})
    )[啊呀呢哈吧了]?""",
    re.VERBOSE,
)
_CLOSING = re.compile(
    r"""
    [啊呀呢哦噢喔嘛哈呗哟诶欸吧]+
    |(?:非常|[十万]分)?(?:谢谢|感谢|多谢|谢了|3q|thx|thanks?)(?:[你您]们?|[了啦]|大家|各位)?
    |急?在线等[着急]?|急+(?:死了)?|很急|挺急的?|着急|求(?:[助解教]|解答|帮忙|指教|回复|告知)|跪求|请(?:回复|告知|解答)
    |麻烦[你您]?们?了|拜托[了啦]?|辛苦[了啦]?|帮我?(?:[看查]{2}|看一?下|想想办法)
    |[气烦急愁]死个?[我人]?[了啦]?|真?是?(?:无语|服了|郁闷|醉了)[了啦]?|真是的
    |(?:的|这个)(?:问题|事儿?|事情)
    """,
    re.VERBOSE,
)
_FILLERS = re.compile(
    r"""到底|究竟
    |(?:[你您咱]们?|贵)(?:家的?)?(?:银行|行(?![不吗得了么]))(?:的|里|[这那][边里])?""",
    re.VERBOSE,
)
_LEAST = 2
"""Characters that must be left, else the text stays as it is."""


def essence(text: str) -> str:
    """The search key of what `text` asks; its whole search key when nothing else is left."""
    normalised = normalise(text, lower=True)
    asked = _FILLERS.sub("", "".join(_stripped(bare(piece)) for piece in _SPLIT.split(normalised)))
    return asked if len(asked) >= _LEAST else bare(normalised)


def _stripped(key: str) -> str:
    while (opening := _OPENING.match(key)) is not None:
        key = key[opening.end() :]
    while (closing := _last(key)) is not None:
        key = key[: closing.start()]
    return key


def _last(key: str) -> re.Match[str] | None:
    """What closes `key`, the longest."""
    return next((m for start in range(max(0, len(key) - 12), len(key)) if (m := _CLOSING.fullmatch(key, start))), None)
