"""推荐理财产品: only what suits the customer's own valid risk assessment (金融机构产品适当性管理办法)."""

import asyncio
import re

from actions.base import BankAction
from actions.catalogue import answered_from_catalogue, kind_named
from actions.faq import say_found
from actions.product_facts import card_of, named, remember_shown
from actions.turn import Turn
from bot.identity.principal import Level
from bot.knowledge.products import Product

_SHOWN = 3
_STEADY = re.compile("稳|保守|安全|低风险|风险[小低]|不亏|别亏|不想亏|怕亏")
_NOT_INVESTED = re.compile("信用卡|贷款|贷|借记卡|储蓄卡")


class RecommendProduct(BankAction):
    """Recommends products of risk R ≤ C, and nothing at all without a valid assessment."""

    action_name = "action_recommend_product"

    def resume(self, turn: Turn) -> str:  # noqa: ARG002 - the same whatever NLU guessed
        return "/recommend_product"

    async def answer(self, turn: Turn) -> None:
        if answered_from_catalogue(turn):
            return
        if _NOT_INVESTED.search(turn.text) and await self._answer_generally(turn):
            return
        if (await turn.principal()).level < Level.BOUND and turn.phone is None:
            turn.say("utter_recommend_first")
        level = await self._risk_level(turn)
        if level is None:
            turn.say("utter_no_assessment")
            return
        suitable = self.services.products.suitable(level)
        wanted = self.services.products.find(turn.entity("product") or "")
        if wanted is not None and wanted.risk_level is not None and wanted not in suitable:
            turn.say("utter_product_too_risky", product=wanted.name, risk=wanted.risk_level, level=level)
        elif not suitable:
            turn.say("utter_no_suitable_product", level=level)
        else:
            shown = [wanted] if wanted and wanted in suitable else _fitting(suitable, turn.text)[:_SHOWN]
            names = "、".join(named(turn, product) for product in shown)
            turn.say("utter_recommend", cards=[card_of(turn, p) for p in shown], level=level, names=names)
            remember_shown(turn, shown)

    async def _answer_generally(self, turn: Turn) -> bool:
        """Cards and loans carry no investment risk: what the knowledge base says of them will do."""
        found = await asyncio.to_thread(self.services.retriever.answer, turn.text)
        return say_found(turn, found)

    async def _risk_level(self, turn: Turn) -> str | None:
        profile = await self.services.crm.own_profile(await turn.principal(), "profile.read")
        return profile.valid_risk_level(turn.today) if profile else None


def _fitting(products: list[Product], words: str) -> list[Product]:
    """The products of the kind the customer names, all of them if none is named; the steadiest first if that is asked.

    `products` come with the riskiest first.
    """
    wanted = kind_named(words)
    found = [product for product in products if product.kind == wanted] or products
    return sorted(found, key=lambda product: product.risk_level or "") if _STEADY.search(words) else found
