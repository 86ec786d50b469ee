"""A knowledge base small enough to train in a blink, and the index built from it."""

from pathlib import Path

import pytest
import yaml

from bot.knowledge.calibration import Calibration
from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.search import Searcher
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.training import train

TOPICS = {
    "card.lost": ("银行卡丢了怎么办？", ["卡丢了怎么挂失", "挂失银行卡", "我的卡掉了", "卡不见了"]),
    "card.limit": ("怎么提高信用卡额度？", ["信用卡提额", "额度太低想调高", "提升额度", "额度不够"]),
    "transfer.fee": ("转账收手续费吗？", ["跨行转账要钱吗", "转账手续费多少", "汇款收费吗", "转账费用"]),
    "branch.hours": ("网点几点上班？", ["银行几点开门", "周末营业吗", "几点下班", "营业时间"]),
}
SYNONYMS = [["怎么", "如何", "咋"], ["银行卡", "借记卡"], ["手续费", "费用"]]


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    return [
        Entry(entry_id, question, tuple(phrasings), f"{question}请看{{brand}}App。")
        for entry_id, (question, phrasings) in TOPICS.items()
    ]


@pytest.fixture(scope="session")
def searcher(entries: list[Entry]) -> Searcher:
    model = train(entries, Synonyms(SYNONYMS), progress=lambda _: None)
    return Searcher.build(entries, model)


@pytest.fixture
def index(searcher: Searcher) -> KnowledgeIndex:
    """Not calibrated: four entries are too few."""
    return KnowledgeIndex(searcher, Calibration(), None)


@pytest.fixture
def knowledge_dir(tmp_path: Path) -> Path:
    """The files of a whole knowledge base."""
    folder = tmp_path / "knowledge_base"
    write(
        folder / "faq" / "all.yml",
        [
            {
                "id": entry_id,
                "question": question,
                "phrasings": [*phrasings, f"请问{question}"],
                "answer": "请打{hotline}。",
            }
            for entry_id, (question, phrasings) in TOPICS.items()
        ],
    )
    write(folder / "products" / "deposit.yml", [product()])
    write(
        folder / "products" / "_questions.yml",
        [
            {
                "id": "minimum",
                "kinds": ["deposit"],
                "question": "{name}多少钱起？",
                "phrasings": ["{name}最少存多少", "{name}起存金额", "存{name}要多少钱"],
                "answer": "{name}{minimum}起，请到{brand}办理。",
            }
        ],
    )
    write(folder / "synonyms.yml", SYNONYMS)
    write(folder / "outside.yml", ["今天天气好吗"])
    return folder


def product(**fields: object) -> dict[str, object]:
    """A product's record, with some fields changed."""
    return {
        "id": "large_cd",
        "name": "大额存单",
        "aliases": ["大存单"],
        "kind": "deposit",
        "term": "三年",
        "minimum_fen": 20_000_000,
        "returns": "年利率1.45%",
        "audience": "有闲置资金的客户",
        "disclosure": "提前支取按活期计息。",
        "page": "/products/large-cd",
        **fields,
    }


def write(file: Path, content: object) -> None:
    """Write `content` as YAML."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
