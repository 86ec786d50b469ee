"""Whose pages may open a stream: a browser lets every page open a WebSocket to anybody, and only says which page."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from bot.channels.api import ApiError


def require_known_origin(connection: HTTPConnection, message: str, allowed: Collection[str] = ()) -> None:
    """ApiError 403 unless the page is from our own host or of `allowed` origins; who sends no origin is no browser."""
    origin = connection.headers.get("origin")
    if origin is None or origin in allowed:
        return
    page = urlsplit(origin)
    if page.scheme not in ("http", "https") or page.netloc != connection.headers.get("host"):
        raise ApiError(403, "foreign_origin", message)
