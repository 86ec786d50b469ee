"""算了不等了: how a customer who waits for a person says that nobody need come."""

import re
import unicodedata

_WHAT = "人工客服|人工服务|人工|客服|排队|排|队|转接|等待|等|转|找|要|接|用|麻烦|想|需要|使|搞|弄|办|查|看|必"
_OFF = (
    "算[了啦咯哒喇球逑求]+|拉倒|罢了|取消|撤销|退出|免了"
    f"|(?:先|再|就)*(?:不|别|莫|甭|唔|懒得)(?:再|想|要|好|用|使)*(?:{_WHAT})+"
)
_AROUND = (
    f"{_WHAT}|还是|那就|那么|那|我|就|先|了|吧|啊|啦|喇|咯|嘞|咧|嘛|哦|的|哎|唉|好|行|谢谢|多谢|唔该|太久|太慢|\\W"
)
_CALLED_OFF = re.compile(f"(?![不别](?:要|用|想)$)(?:{_AROUND})*(?:{_OFF})(?:{_OFF}|{_AROUND})*")
_LONGEST = 16
"""Characters: what is longer says something that somebody should read."""


def calls_off(text: str) -> bool:
    """Whether `text` says that the customer no longer waits, and nothing else."""
    plain = unicodedata.normalize("NFKC", text)
    return len(plain) <= _LONGEST and _CALLED_OFF.fullmatch(plain) is not None
