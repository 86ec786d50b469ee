"""What the entities with structure look like: phones, card tails, dates, amounts (words are in the dictionary).

Each pattern's group `value` is the entity; what stands around it is context. Texts are normalised before
(`bot.nlu.text`). Within one list the earlier pattern wins where two overlap.
"""

from __future__ import annotations

import re


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


# --- phones and cards; `[手机号1]` is what stands for a number sealed before it gets here ---

PHONES = _patterns(r"(?P<value>\[手机号\d+\])", r"(?<!\d)(?P<value>1[3-9]\d{9})(?!\d)")

_SPOKEN = "零〇一二三四五六七八九幺"
_FOUR = rf"(?:(?<!\d)\d{{4}}(?!\d)|(?<![{_SPOKEN}])[{_SPOKEN}]{{4}}(?![{_SPOKEN}十百千万]))"
_NOT_A_TAIL = r"(?![年元块万千百kw.,/多个分点月号%\d-]|积分|人民币)"
_PAYING = "转|扣|花|存|取|付|还|借|刷|充|汇|骗|亏|少|打|收|赔|贷|投|买|欠|消费|支出|盗刷|到账|入账|金额|提现|取现|损失"

CARD_TAILS = _patterns(
    r"(?P<value>\[卡号\d+\])",
    r"(?<!\d)\d{12,15}(?P<value>\d{4})(?!\d)",
    rf"(?:尾号?|[末后]四位|[末后]4位|卡号)(?:数字|数|号码|的|应该|就|是|为|[:：\s])*(?P<value>{_FOUR})",
    rf"(?P<value>{_FOUR})\s?(?=[那这]张|[那这]个|的?(?:储蓄|借记|信用|工资|银行)?卡|结尾|尾号|的[那这])",
    rf"不是\D{{0,4}}{_FOUR}\D{{0,8}}?是\D{{0,4}}(?P<value>{_FOUR})",
)
# Without any context, a number of four digits is a card only in a message that says hardly more than it.
BARE_CARD_TAIL = re.compile(
    rf"(?<!工号)(?<![转扣花存取付还借刷充汇骗亏少打收赔贷投买欠费出账额现失了我笔¥￥$.\d])(?P<value>\d{{4}}){_NOT_A_TAIL}"
)
BARE_CARD_TAIL_MAX_CHARS = 12
# 不是1234，是5678 · 1234错了：what comes before or after a card that is *not* meant.
DENIED_BEFORE = re.compile(r"(?:不是|不要|不查|别查)(?:尾号?|卡号|那张|那个|这张)?(?:是|的)?$")
DENIED_AFTER = re.compile(r"^(?:那张|这张|那个|的)?(?:是)?(?:不对|错了|说错|打错|写错|输错|弄错|不是)")

# 是手机银行吧: an answer that only names what the complaint is about.
BEFORE_TARGET = re.compile(r"(?:就|是|你们|的|那个|这个|对)*")
AFTER_TARGET = re.compile(r"(?:问题|事情?|吧|啊|呀|的|呗|[。.！!])*")

# --- dates ---

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|廿[一二三四五六七八九]?)"
_SOME = rf"(?:{_N}|几|半)"
_DAY = rf"(?:\d{{1,2}}\.)?{_N}[号日](?!线|楼|门|店|窗|柜|出口|机|院|路|卡)"
_NEXT = r"(?<![查看问拉调翻找列等帮])下"  # 查下月初的 is no next month
_YEAR = r"(?:(?:\d{4}|\d\d|今|去|前)年的?)"
_MONTH = rf"(?:{_YEAR}?{_N}月份?|(?:上上个?|上个?|这个?|本|当|{_NEXT}个?)月)"
_WEEK = r"(?:周|星期|礼拜)"
_DOTTED = r"(?:1[0-2]|0?[1-9])[./](?:[12]\d|3[01]|0?[1-9])[号日]?(?![\d./])"  # 3.5, the fifth of March
_AROUND = r"(?:前后|左右|期间|前几天)?"
_UNIT = rf"(?:个?多?来?半?{_WEEK}|个?多?来?半?月|个?多?季度|多?天|日|多?年)"
_FESTIVAL = (
    r"双十[一二]|双1[12]|(?<!\d)618(?!\d)|六一八|春节|过年|元旦|除夕|元宵|清明|五一(?![零一二三四五六七八九])|端午|中秋|国庆"
    r"|(?<![零一二三四五六七八九双])十一(?![月个点块元万号日年路楼天次张零一二三四五六七八九])|圣诞|大年[初三]\S"
)

DATES = _patterns(
    r"(?P<value>(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))",
    r"(?P<value>(?<!\d)20[0-3]\d[01]\d[0-3]\d(?!\d))",
    rf"(?P<value>{_MONTH}{_N}[号日]?[到至~—-](?:{_MONTH})?{_DAY})",
    rf"(?P<value>{_MONTH}[到至~—-]{_MONTH})",
    rf"(?<!\d)(?P<value>{_N}[号日]?[到至~—-]{_DAY})",
    rf"(?:(?<![\d个])|(?=[上这本当下今去前]))(?P<value>{_MONTH}(?:{_DAY}|初|底|末|中旬|上旬|下旬)?{_AROUND})",
    rf"(?P<value>(?:最近|近|过去|这|(?<![提目之以向])前|(?<![马早晚以])上)的?这?{_SOME}{_UNIT}{_AROUND})",
    rf"(?<![\d.第])(?P<value>{_SOME}{_UNIT}(?:之前|以前|以来|前(?!台)|[之以]?内(?=的)))",
    rf"(?<![\d第那这])(?P<value>{_SOME}{_UNIT})(?=的?(?:交易|消费|转账)?(?:流水|明细|账单|记录))",
    rf"(?<![一二两三四五六七八九几\d每])(?P<value>(?:上上|上|这|本|{_NEXT})个?{_WEEK}[一二三四五六日天末]?)(?!转|期(?![一二三四五六日天]))",
    rf"(?<![一二两三四五六七八九几\d每])(?P<value>{_WEEK}[一二三四五六日天末])",
    r"(?P<value>大前[天日]|(?<![提目之以])前(?:[天日]|儿个?)|昨(?:[天日晚]|儿个?)|今(?:[天日早晚晨]|儿个?)|明(?:[天日]|儿个?)"
    r"|(?<![然之以])后天|[寻琴噚听]日)",
    r"(?<![a-z])(?P<value>(?:last|this) (?:week|month|year)|yesterday|today)(?![a-z])",
    rf"(?<![\d./])(?P<value>{_DOTTED}[到至~—-]{_DOTTED})",
    rf"(?<![\d./率化息益金额¥￥$了为是])(?P<value>{_DOTTED})(?=(?:的(?!利|年)|那天|当天|花|扣|转|消费|刷|有|到账|入账|交易|收))",
    rf"^(?P<value>{_DOTTED})$",
    rf"(?<![\d尾账卡])(?P<value>{_DAY}{_AROUND})",
    rf"(?P<value>(?:{_FESTIVAL})(?:节)?{_AROUND})(?!节?快乐)",
    r"(?P<value>(?:今|去|前|明|后|本|\d{4})年(?:年初|年底|上半年|下半年|初|底)?|上半年|下半年|[一二三四上本这]个?季度|年初|年底|月初|月底|月末)",
    r"(?P<value>前阵子|前段时间|这阵子|这段时间)",
)

# 上周到今天, 年初以来: until when, behind any date.
TILL = re.compile(r"(?:开始|起)?(?:[到至](?:现在|今天|目前|如今|昨天)|以来|至今)")

# --- amounts ---

_CURRENCY = (
    r"(?:元人民币|元钱?|块大洋|块钱?|蚊(?![子香帐账])|圆|毛钱?|角|rmb|人民币|美元|美金|欧元|英镑|港[币元]|日元|刀)"
)
_FIRST = r"[一二两三四五六七八九十几俩仨半数壹贰叁肆伍陆柒捌玖拾]"
_NUMERAL = r"[〇零一二两三四五六七八九十百千万亿几半廿壹贰叁肆伍陆柒捌玖拾佰仟]"
_ARABIC = r"(?<![\d.])\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|(?<![\d.])\d+(?:\.\d+)?(?!\.?\d)"
_COUNTED = (  # 三百天, 2万积分, 一千次 are no money
    r"(?!\s?(?:多|来|几)?(?:积分|分(?!钱)|小时|个|天|年|月|周(?!转)|次|岁|倍|折|%|号|期|张|位|人(?!民币)|遍|秒|楼|级|类|条|家|套|层|笔|点|字|户"
    r"|度|公里|名|夜|里|[千万百亿]|分之|线|路|日))"
)

AMOUNTS = _patterns(
    rf"(?P<value>[¥￥$]\s?(?:{_ARABIC})\s?[万千]?{_CURRENCY}?)",
    rf"(?P<value>(?:rmb|人民币)\s?(?:{_ARABIC}|{_FIRST}{_NUMERAL}*)\s?[万千]?(?:元|块)?)",
    rf"(?P<value>(?:{_ARABIC})\s?[多来几]?\s?(?:[十百千万亿wk]|个亿)?[多来几]?{_CURRENCY}(?:\d|{_FIRST})?)",
    rf"(?P<value>(?!一块(?!钱|[二三四五六七八九])|半块|几[毛块元]){_FIRST}{_NUMERAL}*[多来]?{_CURRENCY}[一二三四五六七八九半]?)",
    rf"(?<!百分之)(?P<value>(?:{_ARABIC})\s?(?:[百千万亿]|[wk](?![a-z]))(?:\d{{1,3}}|[一二三四五六七八九])?多?){_COUNTED}",
    rf"(?<![百第分一不])(?P<value>(?!一千零一夜){_FIRST}{_NUMERAL}*[来多几]?[百千万亿佰仟]{_NUMERAL}*多?){_COUNTED}",
    rf"(?P<value>{_ARABIC})(?=的[那这有好]?[一两三几好]*笔)",
    rf"金额\D{{0,6}}(?P<value>{_ARABIC}){_COUNTED}",
    rf"(?:{_PAYING}|余额)(?:了|走|掉|我|的|是|着|出去?|进去?|过|给\S{{1,4}}|[:：\s]){{0,3}}(?P<value>{_ARABIC}){_COUNTED}",
)
# Surer than nothing, but a number of four digits alone may rather be a card (BARE_CARD_TAIL).
LOOSE_AMOUNTS = _patterns(
    rf"(?:要|有|给|够|笔|得花|大概|差不多)(?P<value>(?:\d{{1,3}}(?:[,，]\d{{3}})+|\d{{3,9}})(?:\.\d+)?)(?![那这\d]){_COUNTED}",
)
