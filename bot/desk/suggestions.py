"""What the knowledge base would answer to a customer, for the agent to choose from."""

from dataclasses import dataclass

from bot.knowledge.editing.hit_test import HitTester

_MOST = 3
_LEAST = 0.1
"""Below this probability a suggestion is noise, even to somebody who can judge it."""
_LONGEST = 500
"""What the index is asked with, in characters."""


@dataclass(frozen=True)
class Suggestion:
    """An answer and where it is from; `probability` says how likely it answers the message, 0 to 1."""

    entry_id: str
    question: str
    answer: str
    probability: float


class Suggestions:
    """Asks the retriever, and leaves the choice to a person."""

    def __init__(self, hit_tester: HitTester) -> None:
        self._hit_tester = hit_tester

    async def to(self, text: str) -> list[Suggestion]:
        """The best answers to a message, best first; none where nothing fits. Raises HitTestUnavailableError."""
        found = await self._hit_tester.ask(text[:_LONGEST])
        likely = [each for each in found.candidates if each.probability >= _LEAST]
        return [Suggestion(each.entry_id, each.question, each.answer, each.probability) for each in likely[:_MOST]]
