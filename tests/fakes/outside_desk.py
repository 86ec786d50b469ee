"""A desk outside that keeps in memory what it was told."""

from bot.handoff.outside.errors import OutsideConversationGoneError, OutsideDeskUnavailableError
from bot.handoff.outside.port import Happening, Kind, Line, Visitor


class FakeOutsideDesk:
    """An `OutsideDesk`; what goes wrong is switched by its attributes."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.lines: dict[str, list[Line]] = {}
        self.open_ones: set[str] = set()
        self.errors: list[Exception | None] = []
        """What the next calls raise, one each; None lets one pass."""
        self.done: dict[str, list[Happening]] = {}
        """What colleagues have done while nobody listened."""
        self.loses = 0
        """So many of the next lines are there, but their confirmation gets lost."""

    async def open(self, visitor: Visitor) -> str:
        self._fail()
        outside_id = f"out-{visitor.conversation_id}"
        self.names[outside_id] = visitor.name
        self.lines.setdefault(outside_id, [])
        self.open_ones.add(outside_id)
        return outside_id

    async def find(self, conversation_id: str) -> str | None:
        self._fail()
        outside_id = f"out-{conversation_id}"
        return outside_id if outside_id in self.lines else None

    async def add(self, outside_id: str, line: Line, *, in_doubt: bool) -> None:
        lines = self._of(outside_id)
        self._fail()
        if not (in_doubt and line.key in {each.key for each in lines}):
            lines.append(line)
        if self.loses:
            self.loses -= 1
            raise OutsideDeskUnavailableError("the answer got lost")

    async def end(self, outside_id: str) -> None:
        self._fail()
        self._of(outside_id)
        self.open_ones.discard(outside_id)

    async def is_open(self, outside_id: str) -> bool:
        self._fail()
        self._of(outside_id)
        return outside_id in self.open_ones

    async def since(self, outside_id: str, key: str) -> list[Happening]:
        self._fail()
        assert key in {line.key for line in self._of(outside_id)}
        return self.done.get(outside_id, [])

    def delete(self, outside_id: str) -> None:
        """As an administrator may do it out there."""
        del self.lines[outside_id]
        self.open_ones.discard(outside_id)

    def said(self, outside_id: str) -> list[tuple[Kind, str]]:
        """Kind and text of each line."""
        return [(line.kind, line.text) for line in self.lines[outside_id]]

    def _of(self, outside_id: str) -> list[Line]:
        if outside_id not in self.lines:
            raise OutsideConversationGoneError(outside_id)
        return self.lines[outside_id]

    def _fail(self) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
