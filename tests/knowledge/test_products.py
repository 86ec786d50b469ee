"""Finding products, and offering only what suits."""

from pathlib import Path

import pytest

from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.products import ProductCatalogue
from bot.settings import ROOT
from tests.knowledge.conftest import product, write


@pytest.fixture
def catalogue(tmp_path: Path) -> ProductCatalogue:
    write(
        tmp_path / "wealth.yml",
        [
            product(),
            product(id="calm", name="稳心", aliases=["稳心理财"], kind="wealth", risk_level="R2"),
            product(id="bold", name="远山", aliases=[], kind="fund", risk_level="R4"),
            product(id="gone", name="旧品", aliases=[], kind="wealth", risk_level="R1", on_sale=False),
            product(id="card", name="青禾卡", aliases=[], kind="card"),
        ],
    )
    write(tmp_path / "_questions.yml", [{"id": "not a product"}])
    return ProductCatalogue.load(tmp_path)


def test_finds_by_name_and_alias_however_written(catalogue: ProductCatalogue) -> None:
    found = catalogue.find("穩心 理財")
    assert found is not None
    assert found.id == "calm"
    assert catalogue.find("没有的") is None
    assert "稳心" in catalogue.names()


@pytest.mark.parametrize(
    ("level", "names"),
    [("C1", ["大额存单"]), ("C2", ["稳心", "大额存单"]), ("C5", ["远山", "稳心", "大额存单"])],
)
def test_offers_nothing_above_the_customers_level(catalogue: ProductCatalogue, level: str, names: list[str]) -> None:
    assert [product.name for product in catalogue.suitable(level)] == names


def test_refuses_a_level_that_is_none(catalogue: ProductCatalogue) -> None:
    with pytest.raises(ValueError, match="R2"):
        catalogue.suitable("R2")


def test_a_wrong_field_is_named(tmp_path: Path) -> None:
    write(tmp_path / "deposit.yml", [product(risk_level="R9")])
    with pytest.raises(InvalidKnowledgeError, match=r"deposit.yml: entry large_cd: field risk_level"):
        ProductCatalogue.load(tmp_path)


def test_own_catalogue_discloses_benchmarks() -> None:
    catalogue = ProductCatalogue.load(ROOT / "knowledge_base" / "products")
    assert len(catalogue.all()) >= 40
    for product_ in catalogue.all():
        if product_.kind in ("wealth", "fund"):
            assert "不代表未来表现" in product_.disclosure
            assert product_.risk_level is not None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("稳心和远山哪个好", ["稳心", "远山"]),
        ("远山跟 穩心理財 比呢", ["远山", "稳心"]),
        ("稳心理财", ["稳心"]),
        ("理财哪个好", []),
    ],
)
def test_finds_what_a_text_mentions_in_its_order(catalogue: ProductCatalogue, text: str, names: list[str]) -> None:
    assert [product.name for product in catalogue.mentioned(text)] == names
