"""Where a caller is, for counting and for what only the bank's own networks may read."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

_SITE_BITS = 64
"""One IPv6 subscriber has at least so many addresses (RFC 6177): they count as one."""


def address_of(connection: HTTPConnection) -> str:
    """The IPv4 address or IPv6 network of the caller; behind a trusted proxy, uvicorn has put the caller's there."""
    address = _address(connection)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _SITE_BITS), strict=False))
    return str(address or "")


def is_within(connection: HTTPConnection, networks: Iterable[str]) -> bool:
    """Whether the caller is in one of `networks` (`10.0.0.0/8`)."""
    address = _address(connection)
    return address is not None and any(address in ip_network(network) for network in networks)


def _address(connection: HTTPConnection) -> IPv4Address | IPv6Address | None:
    """None where there is none, as on a Unix socket."""
    try:
        address = ip_address(connection.client.host if connection.client else "")
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
