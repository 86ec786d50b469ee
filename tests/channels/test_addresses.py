import pytest
from starlette.requests import HTTPConnection

from bot.channels.addresses import address_of, is_within


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::1", 1), "2001:db8:1:2::/64"),
        (("", 0), ""),
        (None, ""),
    ],
)
def test_one_subscriber_counts_as_one(client: tuple[str, int] | None, counted: str) -> None:
    assert address_of(HTTPConnection({"type": "http", "headers": [], "client": client})) == counted


@pytest.mark.parametrize(
    ("client", "within"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("2001:db8::7", True),
        ("11.1.2.3", False),
        ("::1", False),
        ("testclient", False),
    ],
)
def test_networks(client: str, within: bool) -> None:
    connection = HTTPConnection({"type": "http", "headers": [], "client": (client, 1)})
    assert is_within(connection, ["127.0.0.0/8", "10.0.0.0/8", "2001:db8::/32"]) is within
