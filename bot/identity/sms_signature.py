"""How a request to the SMS gateway is signed (docs/identity.md, "SMS gateway")."""

import hmac
from hashlib import sha256

KEY_HEADER = "X-Sms-Key"
TIMESTAMP_HEADER = "X-Sms-Timestamp"
NONCE_HEADER = "X-Sms-Nonce"
SIGNATURE_HEADER = "X-Sms-Signature"


def sign(secret: str, timestamp: int, nonce: str, body: bytes) -> str:
    """HMAC-SHA256, hexadecimal, over timestamp (Unix seconds), nonce and body with a line feed between them."""
    return hmac.digest(secret.encode(), f"{timestamp}\n{nonce}\n".encode() + body, sha256).hex()
