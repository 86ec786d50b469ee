"""The root of every error this project raises on purpose. Each subject keeps its own small tree below it."""


class ZhangguiError(Exception):
    """Something went wrong in a way the code foresaw.

    `code` is stable and goes to API clients and logs; the message is for engineers and holds no personal data.
    """

    code = "error"


class UnavailableError(ZhangguiError):
    """A system that we depend on is down, slow or throttles us: the same call may succeed later."""

    code = "unavailable"
    passes_soon = True
    """Whether it makes sense to ask again at once."""
