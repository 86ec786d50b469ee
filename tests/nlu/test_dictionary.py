from pathlib import Path

from bot.nlu.dictionary import load_dictionary


def test_words_spellings_and_products(tmp_path: Path) -> None:
    file = tmp_path / "entities.yml"
    file.write_text("account_type:\n  - 信用卡\n  - xyk: 信用卡\n", encoding="utf-8")
    products = tmp_path / "products"
    products.mkdir()
    (products / "fund.yml").write_text("- name: 稳心\n  aliases: [日添利]\n- note: 无名\n", encoding="utf-8")
    assert load_dictionary(file, products) == {
        "account_type": {"信用卡": "信用卡", "xyk": "信用卡"},
        "product": {"稳心": "稳心", "日添利": "日添利"},
    }


def test_without_a_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "entities.yml"
    file.write_text("product: [国债]\n", encoding="utf-8")
    assert load_dictionary(file, tmp_path / "none") == {"product": {"国债": "国债"}}
