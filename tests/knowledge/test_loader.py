"""An editor who makes a mistake is told where."""

from pathlib import Path

import pytest

from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.loader import load_knowledge, load_outside
from bot.settings import ROOT
from tests.knowledge.conftest import product, write


def load(folder: Path) -> dict[str, str]:
    return {entry.id: entry.answer for entry in load_knowledge(folder, brand="甲银行", hotline="95500")}


def test_answers_are_filled_and_products_asked_about(knowledge_dir: Path) -> None:
    answers = load(knowledge_dir)
    assert answers["card.lost"] == "请打95500。"
    assert answers["product.large_cd_minimum"] == "大额存单¥200,000.00起，请到甲银行办理。"


def test_products_are_asked_about_by_every_name(knowledge_dir: Path) -> None:
    entry = next(e for e in load_knowledge(knowledge_dir, brand="", hotline="") if not e.written)
    assert "大存单起存金额" in entry.phrasings
    assert entry.question not in entry.phrasings


def faq(**fields: object) -> list[dict[str, object]]:
    phrasings = ["开卡", "办卡", "开户", "新开一张", "办张卡"]
    return [{"id": "card.open", "question": "怎么办卡？", "phrasings": phrasings, "answer": "请到网点。", **fields}]


@pytest.mark.parametrize(
    ("records", "message"),
    [
        (faq(answer=""), r"open.yml: entry card.open: field answer"),
        (faq(id="Card Open"), r"entry Card Open: field id"),
        (faq(phrasings=["开卡"]), r"field phrasings: .* at least 5"),
        (faq(anwser="typo"), r"field anwser"),
        (faq(valid_until="soon"), r"field valid_until"),
        (faq(valid_from="2026-12-01", valid_until="2026-11-30"), r"valid_until is before valid_from"),
        (faq(answer="请打{phone}。"), r"entry card.open: field answer: cannot fill in 'phone'"),
        (faq(id="card.lost"), r"card.lost: the id comes twice"),
        (faq(phrasings=["挂失 银行卡！", "a1", "a2", "a3", "a4"]), r"“挂失 银行卡！” is also in card.lost"),
        ("words", r"must be a list"),
        (["words"], r"entry number 1"),
    ],
)
def test_faults_name_file_entry_and_field(knowledge_dir: Path, records: object, message: str) -> None:
    write(knowledge_dir / "faq" / "open.yml", records)
    with pytest.raises(InvalidKnowledgeError, match=message):
        load(knowledge_dir)


def test_broken_yaml_names_the_file(knowledge_dir: Path) -> None:
    (knowledge_dir / "faq" / "broken.yml").write_text("- {", encoding="utf-8")
    with pytest.raises(InvalidKnowledgeError, match=r"broken.yml: is not YAML"):
        load(knowledge_dir)


def test_unknown_product_field_in_a_question(knowledge_dir: Path) -> None:
    write(
        knowledge_dir / "products" / "_questions.yml",
        [
            {
                "id": "x",
                "kinds": ["deposit"],
                "question": "{name}颜色？",
                "phrasings": ["{name}啥颜色", "{name}什么色", "{name}色"],
                "answer": "{colour}",
            }
        ],
    )
    with pytest.raises(InvalidKnowledgeError, match=r"_questions.yml: entry x: .* variable colour"):
        load(knowledge_dir)


def test_two_products_of_one_name(knowledge_dir: Path) -> None:
    write(knowledge_dir / "products" / "other.yml", [product(id="other_cd", name="大 存单", aliases=[])])
    with pytest.raises(InvalidKnowledgeError, match="other_cd: 大存单 is taken by large_cd"):
        load(knowledge_dir)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidKnowledgeError):
        load(tmp_path)


def test_outside_must_be_sentences(tmp_path: Path) -> None:
    write(tmp_path / "outside.yml", {"a": 1})
    with pytest.raises(InvalidKnowledgeError, match="list of questions"):
        load_outside(tmp_path / "outside.yml")


class TestOwnKnowledge:
    """What the bank itself publishes."""

    FORBIDDEN = ("保本", "零风险", "高收益", "秒到账", "低门槛", "http", "**", "#")

    def test_it_is_rich_and_clean(self) -> None:
        entries = load_knowledge(ROOT / "knowledge_base", brand="甲银行", hotline="95500")
        written = [entry for entry in entries if entry.written]
        assert len(written) >= 90
        assert len({entry.id.split(".")[0] for entry in written}) >= 9
        assert min(len(entry.phrasings) for entry in written) >= 6
        for entry in entries:
            said = entry.question + entry.answer
            assert not [word for word in self.FORBIDDEN if word in said], entry.id
            assert "{" not in said, entry.id
            assert "\n" not in said, entry.id


def test_all_faults_are_told_at_once(knowledge_dir: Path) -> None:
    write(knowledge_dir / "faq" / "open.yml", [*faq(answer=""), *faq(id="Card Open")])
    write(knowledge_dir / "faq" / "shut.yml", faq(anwser="typo"))
    write(knowledge_dir / "products" / "wealth.yml", [product(id="calm", name="稳心", aliases=[], risk_level="R9")])

    with pytest.raises(InvalidKnowledgeError) as told:
        load(knowledge_dir)

    problems = told.value.problems
    assert [problem.split(": ")[2] for problem in problems] == [
        "field answer",
        "field id",
        "field anwser",
        "field risk_level",
    ]
    assert [Path(problem.split(": ")[0]).name for problem in problems] == ["open.yml"] * 2 + ["shut.yml", "wealth.yml"]


def test_a_question_on_a_field_that_a_product_lacks_is_left_out_for_it(knowledge_dir: Path) -> None:
    write(knowledge_dir / "products" / "other.yml", [product(id="usd", name="美元存款", aliases=[], minimum_fen=None)])

    answers = load(knowledge_dir)

    assert "product.large_cd_minimum" in answers
    assert "product.usd_minimum" not in answers
