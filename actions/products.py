"""推荐理财产品: only what suits the customer's own valid risk assessment (金融机构产品适当性管理办法)."""

from typing import TYPE_CHECKING, Any

from actions.base import BankAction
from actions.turn import Turn
from bot.identity.policy import customer_of

if TYPE_CHECKING:
    from bot.knowledge.products import Product

_SHOWN = 3


class RecommendProduct(BankAction):
    """Recommends products of risk R ≤ C, and nothing at all without a valid assessment."""

    action_name = "action_recommend_product"

    def resume(self, turn: Turn) -> str:  # noqa: ARG002 - the same whatever NLU guessed
        return "/recommend_product"

    async def answer(self, turn: Turn) -> None:
        level = await self._risk_level(turn)
        if level is None:
            turn.say("utter_no_assessment")
            return
        suitable = self.services.products.suitable(level)
        named = self.services.products.find(turn.entity("product") or "")
        if named is not None and named not in suitable:
            turn.say("utter_product_too_risky", product=named.name, risk=named.risk_level, level=level)
        elif not suitable:
            turn.say("utter_no_suitable_product", level=level)
        else:
            shown = [named] if named else suitable[:_SHOWN]
            names = "、".join(product.name for product in shown)
            turn.say("utter_recommend", cards=[_card(turn, p) for p in shown], level=level, names=names)

    async def _risk_level(self, turn: Turn) -> str | None:
        who = await turn.principal()
        customer_id = customer_of(who, "profile.read")
        await self.services.audit.record("customer", "profile.read", customer_id, who.conversation_id, {})
        profile = await self.services.crm.profile(customer_id)
        return profile.valid_risk_level(turn.today) if profile else None


def _card(turn: Turn, product: "Product") -> dict[str, Any]:
    return {}
