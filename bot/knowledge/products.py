"""The products the bank sells, as `knowledge_base/products/<kind>.yml` holds them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.knowledge.errors import Faults
from bot.knowledge.files import Text, read_all_records
from bot.knowledge.text import search_key

ProductKind = Literal["deposit", "wealth", "fund", "insurance", "card", "loan"]
KIND_WORDS: dict[ProductKind, str] = {
    "deposit": "存款|存单|定期|储蓄产品",
    "fund": "基金",
    "insurance": "保险|重疾险|年金",
    "wealth": "理财",
    "loan": "贷款",
    "card": "信用卡",
}
"""How customers name the kinds, as patterns in the order in which they count."""
RiskLevel = Literal["R1", "R2", "R3", "R4", "R5"]


class Product(BaseModel):
    """One product; all texts are shown to customers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    aliases: tuple[Text, ...] = ()
    """Other names that customers use; no two products share one."""
    kind: ProductKind
    risk_level: RiskLevel | None = None
    """Set for what is sold under suitability rules (wealth, fund, insurance); deposits carry no investment risk."""
    term: Text
    minimum_fen: int | None = Field(None, gt=0)
    """The least amount to start with, in fen; none for cards and insurance."""
    returns: Text
    """Rate, benchmark or price, as the customer reads it."""
    audience: Text
    disclosure: Text
    """What must be said along with the product."""
    page: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/_-]+$")]
    """Path of its page on the bank's own site, where it is bought."""
    on_sale: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Name and aliases."""
        return (self.name, *self.aliases)


class ProductCatalogue:
    """Finds products by name and by what a customer may buy."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = list(products)
        self._by_name = {search_key(name): product for product in self._products for name in product.names}

    @classmethod
    def load(cls, folder: Path) -> "ProductCatalogue":
        """Read the `*.yml` of `folder`; files beginning with `_` hold no products. Raises InvalidKnowledgeError."""
        taken: dict[str, str] = {}
        faults = Faults()
        products = []
        for file, product in read_all_records(sorted(folder.glob("[!_]*.yml")), Product):
            for name in {product.id, *map(search_key, product.names)}:
                if name in taken:
                    faults.add(file, f"entry {product.id}: {name} is taken by {taken[name]}")
                taken[name] = product.id
            products.append(product)
        faults.refuse_any()
        return cls(products)

    def all(self) -> list[Product]:
        """Every product, in the order of the files."""
        return list(self._products)

    def find(self, name: str) -> Product | None:
        """The product with this name or alias, however it is written."""
        return self._by_name.get(search_key(name))

    def mentioned(self, text: str) -> list[Product]:
        """The products that `text` names, in its order, each once; of overlapping names the longest counts."""
        rest = search_key(text)
        found: dict[str, tuple[int, Product]] = {}
        for name in sorted(self._by_name, key=len, reverse=True):
            at = rest.find(name)
            if at >= 0:
                found.setdefault(self._by_name[name].id, (at, self._by_name[name]))
                rest = rest.replace(name, "\0" * len(name))
        return [product for _, product in sorted(found.values(), key=lambda each: each[0])]

    def names(self) -> list[str]:
        """The standard names of all products."""
        return [product.name for product in self._products]

    def suitable(self, risk_level: str) -> list[Product]:
        """What a customer of level C1–C5 may be offered for saving and investing, nearest to the level first.

        Levels R1–R5 not above the customer's (金融机构产品适当性管理办法); deposits suit everybody. Raises
        ValueError for another `risk_level`.
        """
        if risk_level not in ("C1", "C2", "C3", "C4", "C5"):
            raise ValueError(f"a customer's risk level is C1 to C5, not {risk_level}")
        offered = [
            product
            for product in self._products
            if product.on_sale
            and (product.kind == "deposit" or product.risk_level is not None)
            and _risk(product) <= int(risk_level[1])
        ]
        return sorted(offered, key=_risk, reverse=True)


def _risk(product: Product) -> int:
    return int(product.risk_level[1]) if product.risk_level else 0
