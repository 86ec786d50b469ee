"""Puts the Zoho adapter together from the settings."""

import httpx

from bot.clock import Clock
from bot.crm.errors import CrmUnavailableError
from bot.crm.mapping import load_mapping
from bot.crm.zoho.adapter import ZohoCrm
from bot.crm.zoho.api import ZohoApi
from bot.crm.zoho.login import LIMIT, ZohoLogin
from bot.settings import Settings
from bot.storage.database import Database
from bot.tokens.shared import SharedToken


def build_zoho(settings: Settings, http: httpx.AsyncClient, db: Database, clock: Clock) -> ZohoCrm:
    """For CRM=zoho. Raises InvalidMappingError."""
    assert settings.crm_mapping_file is not None
    assert settings.zoho_client_id is not None
    assert settings.zoho_client_secret is not None
    assert settings.zoho_refresh_token is not None  # the settings have seen to all four
    login = ZohoLogin(
        http,
        settings.zoho_accounts_url,
        client_id=settings.zoho_client_id,
        client_secret=settings.zoho_client_secret.get_secret_value(),
        refresh_token=settings.zoho_refresh_token.get_secret_value(),
        timeout_s=settings.crm_timeout_s,
    )
    secret = settings.secret_key.get_secret_value()
    token = SharedToken(
        db, clock, secret, name=login.token_name, limit=LIMIT, fetch=login, unavailable=CrmUnavailableError
    )
    api = ZohoApi(http, token, api_url=settings.zoho_api_url, timeout_s=settings.crm_timeout_s)
    return ZohoCrm(api, load_mapping(settings.crm_mapping_file), db)
