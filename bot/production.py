"""What an installation must have before it serves real customers. Every rule names the setting to change."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from bot.settings import Settings

DEVELOPMENT_SECRET = "development-only-secret-never-in-production"  # noqa: S105 - refused here
SIMULATED_APP_ID = "wx00000000simulator"
SIMULATED_AES_KEY = "zhanggui0simulator0never0in0production00000"

_DEVELOPMENT_VALUES = {DEVELOPMENT_SECRET, SIMULATED_APP_ID, SIMULATED_AES_KEY}
_CHECKED_BY_CERTIFICATE = {"verify-ca", "verify-full"}
"""The `sslmode`s of PostgreSQL that look at the server's certificate; `require` talks to whoever answers."""


def unfit(settings: "Settings") -> Iterator[str]:
    """One line for each thing that keeps `settings` from production; none when they are fit for it."""
    yield from _development_values(settings)
    if settings.sms == "console":
        yield "SMS=console shows one-time codes to whoever reads the console: set SMS to none or to a gateway's adapter"
    if settings.desk_totp != "required":
        yield "DESK_TOTP must be required: a password alone opens no desk with customers' data"
    if settings.tls_cert_file is None and not settings.trusted_proxies:
        yield (
            "nothing serves TLS: set TLS_CERT_FILE and TLS_KEY_FILE, or name the proxy that does it in TRUSTED_PROXIES"
        )
    yield from _open_addresses(settings)
    if not _is_private(settings.database_url):
        yield "DATABASE_URL reaches another machine: it needs sslmode=verify-full or verify-ca, and sslrootcert"
    if settings.redis_url and not _is_secure(settings.redis_url, "rediss"):
        yield "REDIS_URL reaches another machine: it must begin with rediss://"


def _development_values(settings: "Settings") -> Iterator[str]:
    """Whatever field they are in: a secret added later is looked at too."""
    for name, value in settings:
        for item in value.values() if isinstance(value, dict) else (value,):
            known = item.get_secret_value() if isinstance(item, SecretStr) else item
            if isinstance(known, str) and known in _DEVELOPMENT_VALUES:
                yield f"{name.upper()} is the one for development: give this installation its own"


def _open_addresses(settings: "Settings") -> Iterator[str]:
    own = {"database_url", "redis_url"}
    for name, value in settings:
        if name.endswith("_url") and name not in own and value and not _is_secure(value, "https"):
            yield f"{name.upper()} must begin with https://, or be on this machine"
    if any(not origin.startswith("https://") for origin in settings.allowed_origins):
        yield "ALLOWED_ORIGINS must all begin with https://"


def _is_secure(url: str, scheme: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == scheme or parts.scheme == "unix" or is_loopback(parts.hostname or "")


def _is_private(database_url: str) -> bool:
    """Whether nobody on the way can read or answer in the database's place."""
    url = make_url(database_url)
    hosts = [url.host or "", *_listed(url.query.get("host", ""))]
    remote = [host for host in hosts if host and not host.startswith("/") and not is_loopback(host)]
    return not remote or url.query.get("sslmode") in _CHECKED_BY_CERTIFICATE


def _listed(value: str | tuple[str, ...]) -> list[str]:
    return ",".join((value,) if isinstance(value, str) else value).split(",")


def is_loopback(host: str) -> bool:
    """Whether what is sent to `host` stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
