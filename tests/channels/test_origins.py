"""Which pages may open a stream."""

import pytest
from starlette.requests import HTTPConnection

from bot.channels.api import ApiError
from bot.channels.origins import require_known_origin

ALLOWED = ["https://www.bank.example"]


def connection(origin: str | None) -> HTTPConnection:
    headers = [(b"host", b"chat.bank.example:8443")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return HTTPConnection({"type": "websocket", "headers": headers})


@pytest.mark.parametrize("origin", [None, "https://chat.bank.example:8443", "http://chat.bank.example:8443", *ALLOWED])
def test_known(origin: str | None) -> None:
    require_known_origin(connection(origin), "", ALLOWED)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://chat.bank.example",
        "https://chat.bank.example:8443.evil.example",
        "https://www.bank.example.evil.example",
        "http://www.bank.example",
        "file://chat.bank.example:8443",
        "https://evil.example",
    ],
)
def test_foreign(origin: str) -> None:
    with pytest.raises(ApiError) as refused:
        require_known_origin(connection(origin), "", ALLOWED)
    assert (refused.value.status_code, refused.value.code) == (403, "foreign_origin")


def test_what_is_allowed_to_carry_the_widget_is_not_allowed_at_the_desk() -> None:
    with pytest.raises(ApiError):
        require_known_origin(connection(ALLOWED[0]), "")
