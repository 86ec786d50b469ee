"""The least an installation must say to be fit for production."""

from typing import Any

from bot.settings import Settings

OWN_SECRET = "an-installations-own-secret-of-32-characters-or-more"
PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "secret_key": OWN_SECRET,
    "vault_keys": {"2026": OWN_SECRET},
    "site_token_keys": {"site": OWN_SECRET},
    "sms": "none",
    "trusted_proxies": ["10.0.0.0/24"],
}


def production(**others: Any) -> Settings:
    """Settings fit for production, `others` apart; nothing is read from a file."""
    return Settings(_env_file=None, **{**PRODUCTION, **others})
