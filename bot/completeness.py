"""Settings that only make sense together. Every rule names what is missing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from bot.settings import Settings

LEAST_SECRET = 32
"""Characters of a secret that keys are derived from or tokens signed with."""


def incomplete(settings: "Settings") -> Iterator[str]:
    """One line for each choice whose other settings are missing; none when all is said."""
    yield from _short_secrets(settings)
    if (settings.tls_cert_file is None) != (settings.tls_key_file is None):
        yield "TLS_CERT_FILE and TLS_KEY_FILE go together"
    if settings.core_banking == "http" and not (settings.core_url and settings.core_token):
        yield "CORE_BANKING=http needs CORE_URL and CORE_TOKEN"
    if settings.sms == "http" and not (settings.sms_url and settings.sms_key_id and settings.sms_secret):
        yield "SMS=http needs SMS_URL, SMS_KEY_ID and SMS_SECRET"
    yield from _crm(settings)
    yield from _wechat(settings)
    yield from _chatwoot(settings)


def _short_secrets(settings: "Settings") -> Iterator[str]:
    """Of the installation's own secrets; those of other systems are as long as their owners made them."""
    own: list[tuple[str, list[object]]] = [("secret_key", [settings.secret_key]), ("sms_secret", [settings.sms_secret])]
    own += [(name, list(value.values())) for name, value in settings if isinstance(value, dict)]
    for name, secrets in own:
        values = [secret.get_secret_value() for secret in secrets if isinstance(secret, SecretStr)]
        if any(len(value) < LEAST_SECRET for value in values):
            yield f"{name.upper()} needs at least {LEAST_SECRET} characters"


def _crm(settings: "Settings") -> Iterator[str]:
    if settings.crm != "sql" and settings.crm_mapping_file is None:
        yield f"CRM={settings.crm} needs CRM_MAPPING_FILE"
    zoho = (settings.zoho_client_id, settings.zoho_client_secret, settings.zoho_refresh_token)
    if settings.crm == "zoho" and not all(zoho):
        yield "CRM=zoho needs ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN"
    app = (settings.fxiaoke_app_id, settings.fxiaoke_app_secret, settings.fxiaoke_permanent_code)
    user = settings.fxiaoke_user_id or settings.fxiaoke_user_mobile
    if settings.crm == "fxiaoke" and not (all(app) and user):
        yield (
            "CRM=fxiaoke needs FXIAOKE_APP_ID, FXIAOKE_APP_SECRET, FXIAOKE_PERMANENT_CODE "
            "and FXIAOKE_USER_ID or FXIAOKE_USER_MOBILE"
        )


def _wechat(settings: "Settings") -> Iterator[str]:
    secrets = (settings.wechat_app_secret, settings.wechat_token, settings.wechat_encoding_aes_key)
    if settings.wechat_app_id is not None and not (all(secrets) and settings.wechat_public_url):
        yield "WECHAT_APP_ID needs WECHAT_APP_SECRET, WECHAT_TOKEN, WECHAT_ENCODING_AES_KEY and WECHAT_PUBLIC_URL"


def _chatwoot(settings: "Settings") -> Iterator[str]:
    place = (settings.chatwoot_url, settings.chatwoot_account_id, settings.chatwoot_inbox_id)
    secrets = (settings.chatwoot_token, settings.chatwoot_webhook_secret)
    if settings.desk == "chatwoot" and not (all(place) and all(secrets)):
        yield (
            "DESK=chatwoot needs CHATWOOT_URL, CHATWOOT_ACCOUNT_ID, CHATWOOT_INBOX_ID, CHATWOOT_TOKEN "
            "and CHATWOOT_WEBHOOK_SECRET"
        )
