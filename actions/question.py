"""What a customer asks of the own accounts, and how the next message changes it."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeVar

from actions.turn import Turn
from bot.banking.models import AccountKind, Card, Direction

AnyCard = TypeVar("AnyCard", bound=Card)
Facet = Literal["minimum", "due", "limit"]
_DIRECTIONS: dict[Direction, str] = {
    "out": "支出|花了|花的|花费|花掉|花销|开销|消费|扣了|扣款|付了|付款|刷了|转出",
    "in": "收入|进账|入账|到账|收到|发了|发没发|到了没|到了吗|到没|到账|转入|存入|进来",
}
_KEYWORDS = (
    "工资|薪水|奖金|养老金|退休金|补贴|生活费|学费|退款|报销|利息|房租|房贷|车贷|水电|电费|水费|燃气|话费|保险|公积金|社保|美团|饿了么|外卖|"
    "滴滴|打车|淘宝|天猫|京东|拼多多|支付宝|微信|超市|加油|还款|取现|取款|转账|年费|手续费"
)
_EARNED = ("工资", "薪水", "奖金", "养老金", "退休金", "补贴", "退款", "报销", "利息")
_FACETS: dict[Facet, str] = {
    "minimum": "最低|最少",
    "due": "还款日|哪天还|几号还|什么时候还|何时还|到期|账单日|几号之前",
    "limit": "额度|还能刷|可刷|能刷",
}
_FILLER = re.compile(
    "(那么|那|还有|就是|我是说|我说的是|我说|说的是|我要|我想|想|帮我|给我|麻烦|请|再|也|只|就|"
    "不是|不对|[打输发搞弄看写说]?错了?|口误|手滑|抱歉|不好意思|意思是|应该|是|换成|换|改成|改|查询|查一下|查|看看|看一下|看|一下|"
    "尾号|尾数|后四位|末四位|结尾|开头|这个|那个|这张|那张|另一张|这|张|个|卡|账户|的话|的|呢|吧|啊|呀|哦|嗯|吗|么|"
    r"\d{4}|[\s，。,.！!？?、~…：:“”\"])+"  # four digits that are no entity are a card the customer denies
)
_SAME_CARD = re.compile("它|(?<!另)[这那]张|[这那该]卡|同一张")
MORE = "more_transactions"
_MORE = re.compile(
    "(还有|再|继续|往下|接着)?(看|查|显示|翻)?(更多|下一页|后面的?|再往前|更早的?|往前的?|继续|还有吗|还有没有)(呢|吧|吗|看看)?"
    "|(再|继续|往下|接着)(看看?|查|翻|来)(一页|几笔|几条)?(吧|呗)?"
)
_SUMS = "支出|收入|消费|开销|进账|入账"
_FOLLOWED_BY = ("card_tail", "account_type", "date")


@dataclass(frozen=True)
class Question:
    """`topic` is the intent that asks it. `open` until answered: an identity check may come in between."""

    topic: str
    card_tail: str | None = None
    account_type: str | None = None
    date: str | None = None
    direction: Direction | None = None
    keyword: str | None = None
    facet: Facet | None = None
    open: bool = True
    cursor: str | None = None
    seen: int = 0
    """Of bookings: where the next page begins, and how many have been shown."""

    @classmethod
    async def asked(cls, turn: Turn, topic: str) -> "Question":
        """What this message alone asks."""
        words = _beside_entities(turn)
        card_tail, account_type = await turn.card_tail(), turn.entity("account_type")
        before = cls.recalled(turn)
        if before and not turn.is_payload and not (card_tail or account_type) and _SAME_CARD.search(turn.text):
            card_tail, account_type = before.card_tail, before.account_type
        keyword = re.search(_KEYWORDS, words)
        direction: Direction | None = _first(_DIRECTIONS, words) or (
            "in" if keyword and keyword[0] in _EARNED else None
        )
        return cls(
            topic,
            card_tail=card_tail,
            account_type=account_type,
            date=turn.entity("date"),
            direction=direction,
            keyword=keyword[0] if keyword else None,
            facet=_first(_FACETS, words),
        )

    @classmethod
    def recalled(cls, turn: Turn) -> "Question | None":
        """The question of an earlier message."""
        kept = turn.recall("question")
        return cls(**kept) if kept else None

    def remember(self, turn: Turn) -> None:
        turn.remember("question", asdict(self))

    def changed_by(self, newer: "Question") -> "Question":
        """This question with what a follow-up says; another card takes the place of the card before."""
        stated: dict[str, Any] = {
            name: value
            for name in ("date", "direction", "keyword", "facet")
            if (value := getattr(newer, name)) is not None
        }
        if newer.card_tail or newer.account_type:
            stated |= {"card_tail": newer.card_tail, "account_type": newer.account_type}
        topic = self._topic_with(newer)
        if topic != self.topic:
            stated.setdefault("facet", None)
        return replace(self, **stated, topic=topic, open=True, cursor=None, seen=0)

    def _topic_with(self, newer: "Question") -> str:
        if self.topic in ("check_balance", "check_credit_card", "check_points"):
            if newer.date or newer.direction or newer.keyword:
                return "check_transactions"
            if self.topic != "check_balance" and (newer.card_tail or newer.account_type):
                return "check_credit_card" if newer.kind is AccountKind.CREDIT else "check_balance"
        return self.topic

    def narrow(self, cards: list[AnyCard]) -> list[AnyCard]:
        """The cards the words fit, by kind (信用卡) or by name (工资卡); all of them if they fit none."""
        words = self.account_type
        fitting = [card for card in cards if words and (card.kind is self.kind or words in card.name)]
        return fitting or cards

    @property
    def kind(self) -> AccountKind | None:
        """The kind of card the words name, if they name one."""
        words = self.account_type or ""
        if re.search("信用|贷记|credit", words):
            return AccountKind.CREDIT
        return AccountKind.DEBIT if re.search("储蓄|借记|活期|存款|debit", words) else None


def wants_more(turn: Turn, before: Question) -> bool:
    """Whether the customer asks for the bookings after those just shown."""
    if before.cursor is None or (turn.is_payload and turn.intent != "affirm"):
        return False
    offered = (turn.recall("offer") or {}).get("kind") == MORE
    return (offered and turn.intent == "affirm") or _MORE.fullmatch(
        re.sub(r"[\s，。！？!?]", "", turn.text)
    ) is not None


def is_follow_up(turn: Turn, before: Question) -> bool:
    """Whether the message is nothing but a card or a date with particles around: 那5678呢.

    After a question for transactions a sum or a keyword will do as well (那支出呢, 房租呢), after one for a credit
    card what there is to know about its bill (什么时候还).
    """
    if turn.is_payload:
        return False
    rest = _beside_entities(turn)
    found = any(entity["entity"] in _FOLLOWED_BY for entity in turn.entities)
    if before.topic == "check_transactions":
        rest, times = re.subn(f"{_SUMS}|{_KEYWORDS}", " ", rest)
        found = found or times > 0
    if before.topic == "check_credit_card" or before.kind is AccountKind.CREDIT:
        rest, times = re.subn("|".join(_FACETS.values()), " ", rest)
        found = found or times > 0
    return found and _FILLER.sub("", rest) == ""


def _beside_entities(turn: Turn) -> str:
    """The customer's words without cards, kinds of card and dates (工资卡 does not speak of 工资)."""
    text = rest = "" if turn.is_payload else turn.text
    for entity in turn.entities:
        if entity["entity"] in _FOLLOWED_BY and not turn.is_payload:
            # The value may be a standard form of the words.
            words = text[entity["start"] : entity["end"]] if "start" in entity else str(entity["value"])
            rest = rest.replace(words, " ", 1)
    return rest


def _first(patterns: dict[Any, str], text: str) -> Any:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text)), None)
