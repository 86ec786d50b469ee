"""A dialogue engine that says what a test tells it to."""

from collections.abc import Awaitable, Callable

from bot.conversations.errors import DialogueUnavailableError
from bot.conversations.messages import Author, Button, Draft
from bot.conversations.rasa import Answer, HandoffWish


class FakeDialogue:
    """Echoes by default; `answers` maps an input to its answer, `broken` inputs raise."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, Answer] = {}
        self.broken: set[str] = set()
        self.before_answer: Callable[[str], Awaitable[None]] | None = None
        self.is_ready = True

    def will_say(self, text: str, reply: str, *, buttons: tuple[Button, ...] = ()) -> None:
        self.answers[text] = Answer([Draft(Author.BOT, reply, buttons=buttons)])

    def will_hand_off(self, text: str, reason: str = "asked") -> None:
        self.answers[text] = Answer([], HandoffWish(reason))

    async def ask(self, sender_id: str, text: str) -> Answer:
        self.asked.append((sender_id, text))
        if self.before_answer is not None:
            await self.before_answer(text)
        if text in self.broken:
            raise DialogueUnavailableError("broken on purpose")
        return self.answers.get(text) or Answer([Draft(Author.BOT, f"您说的是：{text}")])

    async def ready(self) -> bool:
        return self.is_ready
