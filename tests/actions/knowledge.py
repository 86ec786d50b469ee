"""A knowledge base small enough to know by heart."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Hit:
    entry_id: str
    question: str
    answer: str
    score: float


@dataclass(frozen=True)
class Answer:
    decision: str
    hits: tuple[Hit, ...] = ()


FEE = Hit("credit_card-fee", "信用卡年费怎么收", "刷满五次免年费。", 0.92)
LIMIT = Hit("credit_card-limit", "信用卡额度怎么提", "在手机银行申请。", 0.55)


class FakeRetriever:
    """Is sure about 年费, unsure about 信用卡, and knows nothing else."""

    def answer(self, query: str) -> Answer:
        if "年费" in query:
            return Answer("answer", (FEE,))
        return Answer("choices", (LIMIT, FEE)) if "信用卡" in query else Answer("miss", ())

    def entry(self, entry_id: str) -> Any:
        return next((hit for hit in (FEE, LIMIT) if hit.entry_id == entry_id), None)


@dataclass
class FakeMisses:
    """Keeps what was not found."""

    kept: list[str] = field(default_factory=list)

    async def record(self, text: str, score: float | None, conversation_id: str) -> None:
        self.kept.append(text)
