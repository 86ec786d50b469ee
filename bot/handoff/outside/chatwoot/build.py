"""Puts the Chatwoot adapter together from the settings."""

import httpx

from bot.clock import Clock
from bot.handoff.outside.chatwoot.api import ChatwootApi
from bot.handoff.outside.chatwoot.desk import ChatwootDesk
from bot.handoff.outside.chatwoot.webhook import ChatwootWebhook
from bot.settings import Settings


def build_chatwoot(settings: Settings, http: httpx.AsyncClient, clock: Clock) -> tuple[ChatwootDesk, ChatwootWebhook]:
    """For DESK=chatwoot: what we ask, and what comes in."""
    assert settings.chatwoot_url is not None
    assert settings.chatwoot_account_id is not None
    assert settings.chatwoot_inbox_id is not None
    assert settings.chatwoot_token is not None
    assert settings.chatwoot_webhook_secret is not None  # the settings have seen to all five
    api = ChatwootApi(
        http,
        url=settings.chatwoot_url,
        account_id=settings.chatwoot_account_id,
        inbox_id=settings.chatwoot_inbox_id,
        token=settings.chatwoot_token.get_secret_value(),
        timeout_s=settings.chatwoot_timeout_s,
    )
    webhook = ChatwootWebhook(settings.chatwoot_webhook_secret.get_secret_value(), settings.chatwoot_inbox_id, clock)
    return ChatwootDesk(api), webhook
