"""The arithmetic of the audit log: what binds each row to the one before it, and what signs the head of the chain.

A hash chain under a key (HMAC-SHA256, RFC 2104): whoever can write the database but lacks the installation's secret
can neither compute the hash of another row nor sign another head.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from bot.privacy.keys import derive_key

START = bytes(32)
"""What stands before the very first row."""

CONTENT = ("at", "actor", "action", "customer_id", "conversation_id", "reason", "detail")
"""The columns that a row's hash covers, beside the hash of the row before. Ids are proven by the order."""


@dataclass(frozen=True)
class Head:
    """Where the chain ends (`last_…`), and the checkpoint where it begins: the last row that retention removed."""

    last_id: int = 0
    last_hash: bytes = START
    base_id: int = 0
    base_hash: bytes = START
    base_at: datetime | None = None
    """When the last removed row was written; None while no row was removed."""

    @property
    def rows(self) -> int:
        """How many rows the table must hold: ids have no gaps."""
        return self.last_id - self.base_id

    @property
    def fingerprint(self) -> str:
        """To be noted elsewhere: it proves later that nothing up to here has changed."""
        return f"{self.last_id}:{self.last_hash.hex()}"


class Chain:
    """Hashes rows and signs heads with keys that the database does not hold."""

    def __init__(self, secret: str) -> None:
        """`secret` is the installation's secret key."""
        self._row_key = derive_key(secret, "privacy.audit.row")
        self._head_key = derive_key(secret, "privacy.audit.head")

    def hash(self, previous: bytes, row: Mapping[str, Any]) -> bytes:
        """The hash of a row that follows the row with the hash `previous`."""
        return hmac.digest(self._row_key, previous + canonical([row[name] for name in CONTENT]), sha256)

    def sign(self, head: Head) -> bytes:
        """The signature of a head."""
        base = (head.base_id, head.base_hash.hex(), head.base_at)
        return hmac.digest(self._head_key, canonical([head.last_id, head.last_hash.hex(), *base]), sha256)

    def is_signed(self, head: Head, signature: bytes) -> bool:
        """Whether we have signed this head."""
        return hmac.compare_digest(self.sign(head), signature)


def canonical(values: list[Any]) -> bytes:
    """One spelling for equal values: JSON with sorted keys and times in UTC."""
    return json.dumps(values, default=_moment, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def _moment(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"a {type(value).__name__} has no place in the audit log")
    return value.astimezone(timezone.utc).isoformat(timespec="microseconds")
