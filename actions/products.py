"""推荐理财产品: only what suits the customer's own valid risk assessment (金融机构产品适当性管理办法)."""

import asyncio
import re
from typing import Any

from actions.base import BankAction
from actions.faq import say_found
from actions.turn import Turn
from bot import wording
from bot.identity.policy import customer_of
from bot.knowledge.products import Product, ProductKind

_SHOWN = 3
_KINDS: dict[ProductKind, str] = {
    "deposit": "存款|存单|定期",
    "fund": "基金",
    "insurance": "保险|重疾险|年金",
    "wealth": "理财",
}
_NOT_INVESTED = re.compile("信用卡|贷款|贷|借记卡|储蓄卡")


class RecommendProduct(BankAction):
    """Recommends products of risk R ≤ C, and nothing at all without a valid assessment."""

    action_name = "action_recommend_product"

    def resume(self, turn: Turn) -> str:  # noqa: ARG002 - the same whatever NLU guessed
        return "/recommend_product"

    async def answer(self, turn: Turn) -> None:
        if _NOT_INVESTED.search(turn.text) and await self._answer_generally(turn):
            return
        level = await self._risk_level(turn)
        if level is None:
            turn.say("utter_no_assessment")
            return
        suitable = self.services.products.suitable(level)
        named = self.services.products.find(turn.entity("product") or "")
        if named is not None and named.risk_level is not None and named not in suitable:
            turn.say("utter_product_too_risky", product=named.name, risk=named.risk_level, level=level)
        elif not suitable:
            turn.say("utter_no_suitable_product", level=level)
        else:
            shown = [named] if named and named in suitable else _of_kind(suitable, turn.text)[:_SHOWN]
            names = "、".join(_named(turn, product) for product in shown)
            turn.say("utter_recommend", cards=[_card(turn, p) for p in shown], level=level, names=names)

    async def _answer_generally(self, turn: Turn) -> bool:
        """Cards and loans carry no investment risk: what the knowledge base says of them will do."""
        found = await asyncio.to_thread(self.services.retriever.answer, turn.text)
        return say_found(turn, found)

    async def _risk_level(self, turn: Turn) -> str | None:
        who = await turn.principal()
        customer_id = customer_of(who, "profile.read")
        await self.services.audit.record("customer", "profile.read", customer_id, who.conversation_id, {})
        profile = await self.services.crm.profile(customer_id)
        return profile.valid_risk_level(turn.today) if profile else None


def _of_kind(products: list[Product], words: str) -> list[Product]:
    """The products of the kind the customer names, all of them if none is named."""
    wanted = next((kind for kind, pattern in _KINDS.items() if re.search(pattern, words)), None)
    return [product for product in products if product.kind == wanted] or products


def _named(turn: Turn, product: Product) -> str:
    risk = product.risk_level
    return turn.services.texts("utter_product_with_risk", product=product.name, risk=risk) if risk else product.name


def _card(turn: Turn, product: Product) -> dict[str, Any]:
    """A product as rows, with what must be said along with it."""
    values = {
        "utter_label_risk": product.risk_level,
        "utter_label_term": product.term,
        "utter_label_minimum": wording.yuan(product.minimum_fen) if product.minimum_fen else None,
        "utter_label_returns": product.returns,
    }
    texts = turn.services.texts
    rows = [{"label": texts(label), "value": value} for label, value in values.items() if value]
    return {
        "type": "rows",
        "title": product.name,
        "rows": rows,
        "note": product.disclosure,
        "link": product.page,
    }
