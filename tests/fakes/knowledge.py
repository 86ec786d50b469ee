"""What lies beside the gateway for the knowledge base: the index, and the program that builds it."""

from bot.knowledge.editing.hit_test import Candidate, HitTest, HitTestUnavailableError


class FakeHitTester:
    """Answers everything with one entry, or is away."""

    def __init__(self) -> None:
        self.is_down = False
        self.asked: list[str] = []

    async def ask(self, text: str) -> HitTest:
        if self.is_down:
            raise HitTestUnavailableError("down on purpose")
        self.asked.append(text)
        best = Candidate(
            entry_id="card.lost",
            question="银行卡丢了怎么办？",
            answer="请马上挂失。",
            probability=0.93,
            meaning=0.81,
            words=0.12,
            nearest="卡丢了",
            likeness=0.7,
        )
        return HitTest(
            decision="answer",
            verbatim=False,
            answer="请马上挂失。",
            answer_at=0.8,
            choices_at=0.4,
            meant=0.97,
            version="abc",
            candidates=[best],
        )


async def built() -> str | None:
    """A build that is done at once and goes well."""
    return None
