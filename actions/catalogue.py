"""两款理财有什么区别, 有哪些R2的理财: answered from the catalogue's fields, whichever intent NLU took it for."""

import re

from actions.product_facts import FACTS, card_of, named, remember_shown
from actions.turn import Turn
from bot.knowledge.products import KIND_WORDS, Product, ProductKind

_AT_ONCE = 5
_COMPARED = 3
_COMPARES = re.compile(
    "区别|差别|不同|不一样|对比|比较|相比|比一比|差在哪|哪[个款种]|哪一[个款种]|还是|选谁|比(呢|一下|起来|如何|怎么样)"
)
_THESE = re.compile(
    "[这那]?[两几二三].{0,4}([款个种]|产品|理财|基金|存款)|(上面|刚才|刚刚).{0,4}[款个种]|它们|他们俩|这俩|前两[个款]"
)
_RISKS = {
    "R1": "R1|极?低风险",
    "R2": "R2|[较中]低风险",
    "R3": "R3|中等风险",
    "R4": "R4|[较中]高风险",
    "R5": "R5|(?<![较中])高风险",
}
_WHO = "(你们|咱们|贵行|银行|现在|目前|都)*"
_WHICH = "(哪些|什么|啥|哪?几[种款个])"
_OF_RISK = "(R[1-5]|[极较中]?[低高]风险|中等风险)的?"
_OF_KIND = f"(?:{'|'.join(KIND_WORDS.values())})类?的?"
_LISTS = re.compile(
    f"{_WHO}(在售|在卖)?的?({_OF_RISK}|{_OF_KIND})+(产品)?(现在)?都?(有|包括|分){_WHICH}"
    "(产品|种类|品种|可以?买的?|可以?选的?|能买的?)?[吗呢啊呀？?]*"
    f"|{_WHO}(有|在?卖){_WHICH}({_OF_RISK}|{_OF_KIND})+(产品)?[吗呢啊呀？?]*"
    f"|{_WHO}有没有({_OF_RISK})({_OF_KIND})?(产品)?[吗呢啊呀？?]*",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"[，,。.！!\s]|请问|我?想(知道|问|了解)(一下)?")


def kind_named(words: str) -> ProductKind | None:
    """The kind of product that the words name."""
    return next((kind for kind, pattern in KIND_WORDS.items() if re.search(pattern, words)), None)


def answered_from_catalogue(turn: Turn) -> bool:
    """Answer a comparison or a question for what there is; False for any other message."""
    if turn.is_payload:
        return False
    return _compared(turn) or _listed(turn)


def _compared(turn: Turn) -> bool:
    if not _COMPARES.search(turn.text):
        return False
    products = _meant(turn)
    if len(products) >= 2:
        _say_differences(turn, products[:_COMPARED])
        return True
    kind = kind_named(turn.text)
    if products or kind is None or not _THESE.search(turn.text):
        return False
    choice = [p for p in turn.services.products.all() if p.kind == kind and p.on_sale][:_AT_ONCE]
    turn.say("utter_compare_which", names="、".join(named(turn, product) for product in choice))
    return True


def _meant(turn: Turn) -> list[Product]:
    """What the message names; with 这两款 or one name alone, what was shown before as well."""
    catalogue = turn.services.products
    said = catalogue.mentioned(turn.text)
    if len(said) >= 2 or not (said or _THESE.search(turn.text)):
        return said
    shown = [product for product in catalogue.all() if product.id in (turn.recall("shown_products") or ())]
    kind = kind_named(turn.text)
    alike = [product for product in shown if product not in said and (said or kind in (None, product.kind))]
    return [*said, *alike]


def _say_differences(turn: Turn, products: list[Product]) -> None:
    """What differs, a line a fact; then what must be said of each product."""
    texts = turn.services.texts
    lines = [texts("utter_compare", names="、".join(product.name for product in products))]
    for fact in FACTS:
        values = [fact.value(product) for product in products]
        if len(set(values)) > 1:
            told = [
                texts("utter_compare_value", product=product.name, value=value)
                for product, value in zip(products, values, strict=True)
                if value
            ]
            lines.append(texts("utter_compare_fact", label=texts(fact.label), values="；".join(told)))
    notes = dict.fromkeys(product.disclosure for product in products)
    turn.quote("\n".join([*lines, *notes]), metadata={"kind": "catalogue"})
    remember_shown(turn, products)


def _listed(turn: Turn) -> bool:
    text = _BESIDE.sub("", turn.text)
    kind, risk = kind_named(text), _risk_named(text)
    if not (kind or risk) or not _LISTS.fullmatch(text):
        return False
    sold = [p for p in turn.services.products.all() if p.on_sale and kind in (None, p.kind)]
    found = [p for p in sold if risk in (None, p.risk_level)]
    if not found:
        turn.say("utter_catalogue_none")
    else:
        shown = found[:_AT_ONCE]
        names = "、".join(named(turn, product) for product in found)
        response = "utter_catalogue_invested" if any(p.risk_level for p in found) else "utter_catalogue"
        turn.say(response, cards=[card_of(turn, p) for p in shown], names=names)
        remember_shown(turn, shown)
    return True


def _risk_named(words: str) -> str | None:
    return next((level for level, pattern in _RISKS.items() if re.search(pattern, words, re.IGNORECASE)), None)
