"""A knowledge base small enough to know by heart."""

from types import SimpleNamespace
from typing import cast

from bot.knowledge.calibration import Calibration
from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.retriever import Answer, Explanation, Hit

FEE = Hit("credit_card.fee", "信用卡年费怎么收", "刷满五次免年费。", 0.92)
WAIVE = Hit("credit_card.waive", "信用卡年费能免吗", "打电话就能免。", 0.9)
PRODUCT = Hit("product.balanced_about", "衡盈固收增强是什么产品", "混合类理财。", 0.9)
CLOUD = Hit("credit_card.cloud", "云栖白金卡有什么权益", "机场贵宾厅。", 0.3)
LIMIT = Hit("credit_card.limit", "信用卡额度怎么提", "在手机银行申请。", 0.55)


class FakeRetriever:
    """Is sure about 年费, unsure about 信用卡, hardly thinks of anything at 云, and knows nothing else."""

    version = "by heart"
    build = None

    def explain(self, query: str) -> Explanation:
        thresholds = cast(KnowledgeIndex, SimpleNamespace(calibration=Calibration()))
        return Explanation(self.answer(query), thresholds, [])

    def answer(self, query: str) -> Answer:
        if "年费能免" in query or "免掉年费" in query:
            return Answer("answer", (WAIVE,), self.version)
        if "衡盈固收增强" in query:
            return Answer("answer", (PRODUCT,), self.version)
        if "年费" in query:
            return Answer("answer", (FEE,), self.version)
        if "云" in query:
            return Answer("choices", (CLOUD,), self.version)
        if "信用卡" in query:
            return Answer("choices", (LIMIT, FEE), self.version)
        return Answer("miss", (), self.version)

    def entry(self, entry_id: str) -> Entry | None:
        found = next((hit for hit in (FEE, LIMIT, PRODUCT) if hit.entry_id == entry_id), None)
        return Entry(found.entry_id, found.question, (), found.answer) if found else None
