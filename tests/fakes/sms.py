"""A phone that keeps every short message."""


class FakeSms:
    """An `SmsSender` whose messages a test can read."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def require(self) -> None:
        pass

    async def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))

    async def close(self) -> None:
        pass
