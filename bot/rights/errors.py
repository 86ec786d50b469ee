"""What stands in the way of a customer's rights."""

from collections.abc import Sequence

from bot.errors import ZhangguiError


class RightsError(ZhangguiError):
    """Root of this subject's errors."""

    code = "rights"


class ErasureRefusedError(RightsError):
    """Something is still going on with this customer; `obstacles` says what, one line each."""

    code = "erasure_refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("nothing was erased: " + "; ".join(obstacles))
        self.obstacles = tuple(obstacles)
