"""Puts the Fxiaoke adapter together from the settings."""

import hashlib

import httpx

from bot.clock import Clock
from bot.crm.errors import CrmUnavailableError
from bot.crm.fxiaoke.adapter import FxiaokeCrm
from bot.crm.fxiaoke.auth import LIMIT, App, BearerStyle, FxiaokeLogin, LegacyStyle, Style
from bot.crm.fxiaoke.client import FxiaokeClient
from bot.crm.fxiaoke.throttle import Throttle
from bot.crm.fxiaoke.wire import FxiaokeWire
from bot.crm.mapping import load_mapping
from bot.settings import Settings
from bot.storage.database import Database
from bot.tokens.shared import SharedToken


def build_fxiaoke(settings: Settings, http: httpx.AsyncClient, db: Database, clock: Clock) -> FxiaokeCrm:
    """For CRM=fxiaoke. Raises InvalidMappingError."""
    assert settings.crm_mapping_file is not None
    assert settings.fxiaoke_app_id is not None
    assert settings.fxiaoke_app_secret is not None
    assert settings.fxiaoke_permanent_code is not None  # the settings have seen to all four
    app = App(
        settings.fxiaoke_app_id,
        settings.fxiaoke_app_secret.get_secret_value(),
        settings.fxiaoke_permanent_code.get_secret_value(),
        user_id=settings.fxiaoke_user_id,
        user_mobile=settings.fxiaoke_user_mobile,
    )
    style: Style = BearerStyle() if settings.fxiaoke_auth == "bearer" else LegacyStyle()
    wire = FxiaokeWire(http, settings.fxiaoke_url, timeout_s=settings.crm_timeout_s)
    token = SharedToken(
        db,
        clock,
        settings.secret_key.get_secret_value(),
        name=_token_name(settings),
        limit=LIMIT,
        fetch=FxiaokeLogin(wire, style, app, clock),
        unavailable=CrmUnavailableError,
    )
    client = FxiaokeClient(wire, style, token, Throttle(settings.redis_url), clock)
    return FxiaokeCrm(client, load_mapping(settings.crm_mapping_file))


def _token_name(settings: Settings) -> str:
    """A token is good for one app and one user only: it is not to outlive a change of the settings."""
    of = (settings.fxiaoke_url, settings.fxiaoke_app_id, settings.fxiaoke_user_id, settings.fxiaoke_user_mobile)
    return f"fxiaoke.{settings.fxiaoke_auth}.{hashlib.sha256(repr(of).encode()).hexdigest()[:8]}"
