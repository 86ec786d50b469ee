"""A product as the customer reads it: its facts in rows, with what must be said along with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actions.turn import Turn
from bot import wording
from bot.knowledge.products import Product


@dataclass(frozen=True)
class Fact:
    """A field as the customer reads it; `label` is a response of `domain.yml`."""

    label: str
    value: Callable[[Product], str | None]


FACTS = (
    Fact("utter_label_risk", lambda product: product.risk_level),
    Fact("utter_label_term", lambda product: product.term),
    Fact("utter_label_minimum", lambda p: wording.money(p.minimum_fen) if p.minimum_fen else None),
    Fact("utter_label_returns", lambda product: product.returns),
)


def rows_of(turn: Turn, product: Product) -> list[dict[str, str]]:
    """The product's facts as `{label, value}`, without those it does not have."""
    texts = turn.services.texts
    return [{"label": texts(fact.label), "value": value} for fact in FACTS if (value := fact.value(product))]


def card_of(turn: Turn, product: Product) -> dict[str, object]:
    """The product as rows, with what must be said along with it."""
    return {
        "type": "rows",
        "title": product.name,
        "rows": rows_of(turn, product),
        "note": product.disclosure,
        "link": product.page,
    }


def named(turn: Turn, product: Product) -> str:
    """`稳和90天（R2）`; the name alone where there is no investment risk."""
    risk = product.risk_level
    return turn.services.texts("utter_product_with_risk", product=product.name, risk=risk) if risk else product.name


def remember_shown(turn: Turn, products: Sequence[Product]) -> None:
    """Keep what was shown, for a question on these."""
    turn.remember("shown_products", [product.id for product in products])
