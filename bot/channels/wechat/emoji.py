"""WeChat's own emoji reach us as codes in the text: `[微笑]`, `/::)`. They say little and disturb understanding."""

import re

_NAMES = (
    "微笑|撇嘴|色|发呆|得意|流泪|害羞|闭嘴|睡|大哭|尴尬|发怒|调皮|呲牙|惊讶|难过|酷|冷汗|"
    "抓狂|吐|偷笑|愉快|可爱|白眼|傲慢|饥饿|困|惊恐|流汗|憨笑|悠闲|大兵|奋斗|咒骂|疑问|嘘|晕|"
    "疯了|折磨|衰|骷髅|敲打|再见|擦汗|抠鼻|鼓掌|糗大了|坏笑|左哼哼|右哼哼|哈欠|鄙视|委屈|"
    "快哭了|阴险|亲亲|吓|可怜|菜刀|西瓜|啤酒|篮球|乒乓|咖啡|饭|猪头|玫瑰|凋谢|嘴唇|示爱|爱心|"
    "心碎|蛋糕|闪电|炸弹|刀|足球|瓢虫|便便|月亮|太阳|礼物|拥抱|强|弱|握手|胜利|抱拳|勾引|"
    "拳头|差劲|爱你|NO|OK|爱情|飞吻|跳跳|发抖|怄火|转圈|磕头|回头|跳绳|投降|激动|乱舞|"
    "献吻|左太极|右太极|嘿哈|捂脸|奸笑|机智|皱眉|耶|吃瓜|加油|汗|天啊|Emm|社会社会|旺柴|"
    "好的|打脸|哇|翻白眼|666|让我看看|叹气|苦涩|裂开|合十|庆祝|红包|發|福|囧|笑脸|生病|"
    "破涕为笑|吐舌|脸红|恐惧|失望|无语|鬼魂|烟花|爆竹"
)
_MEANING = {"好的": "好的", "OK": "好的", "强": "好的", "再见": "再见", "抱拳": "谢谢", "合十": "谢谢", "NO": "不用"}
"""What a message says that consists of one of these alone."""
_SIGN = r"[A-Za-z0-9~|'+<>$@!?,;:*&%#^()=_.-]"
_CODE = re.compile(
    rf"\[(?P<name>{_NAMES})\]"
    # The older codes: a slash, a colon and some signs or letters. In an address they would follow a letter or digit.
    rf"|(?<![A-Za-z0-9])/:(?::{_SIGN}{{1,3}}|{_SIGN}{{1,8}})"
)


def without_codes(text: str) -> str:
    """`text` without emoji codes; one that is nothing else becomes what it means, or stays as it is."""
    spoken = re.sub(r"[ \t]{2,}", " ", _CODE.sub("", text)).strip()
    if spoken:
        return spoken
    names = (found["name"] for found in _CODE.finditer(text))
    return next((_MEANING[name] for name in names if name in _MEANING), text)
