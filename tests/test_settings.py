from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings

SECRET = "s" * 32


def test_development_starts_as_it_is() -> None:
    assert Settings(_env_file=None).environment == "development"


def test_short_secrets_are_refused() -> None:
    with pytest.raises(ValidationError, match="32 characters"):
        Settings(_env_file=None, secret_key="short")


def test_a_core_over_http_needs_an_address_and_a_token() -> None:
    with pytest.raises(ValidationError, match="CORE_URL and CORE_TOKEN"):
        Settings(_env_file=None, core_banking="http", core_url="https://core.bank.example/v1")
    Settings(_env_file=None, core_banking="http", core_url="https://core.bank.example/v1", core_token="t")


ACCOUNT = {
    "wechat_app_id": "wx1",
    "wechat_app_secret": SECRET,
    "wechat_token": "t",
    "wechat_encoding_aes_key": "k" * 43,
    "wechat_public_url": "https://wx.bank.example",
}


def test_development_talks_to_the_simulator_unless_told_otherwise() -> None:
    simulated = Settings(_env_file=None, gateway_port=8001, wechat_simulator_port=8011, wechat_verified=False)
    assert simulated.wechat_public_url == "http://127.0.0.1:8001"
    assert simulated.wechat_api_url == simulated.wechat_open_url == "http://127.0.0.1:8011"
    assert simulated.wechat_verified is False
    real = Settings(_env_file=None, **ACCOUNT)
    assert real.wechat_api_url == "https://api.weixin.qq.com"


@pytest.mark.parametrize("missing", sorted(ACCOUNT.keys() - {"wechat_app_id"}))
def test_an_account_needs_everything(missing: str) -> None:
    with pytest.raises(ValidationError, match="WECHAT_APP_ID needs"):
        Settings(_env_file=None, **{name: value for name, value in ACCOUNT.items() if name != missing})


def test_everything_missing_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, secret_key="short", core_banking="http", crm="zoho", wechat_app_id="wx1")
    for name in ("SECRET_KEY", "CORE_URL", "CRM_MAPPING_FILE", "ZOHO_CLIENT_ID", "WECHAT_TOKEN"):
        assert name in str(refused.value)


def test_a_refusal_repeats_no_value() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, secret_key="short-and-secret", wechat_passive_s="not-a-number")
    assert "short-and-secret" not in str(refused.value)
    assert "not-a-number" not in str(refused.value)


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    file.touch()
    with pytest.raises(ValidationError, match="go together"):
        Settings(_env_file=None, tls_cert_file=file)
    with pytest.raises(ValidationError, match="does not point to a file"):
        Settings(_env_file=None, tls_cert_file=tmp_path / "missing.pem", tls_key_file=file)


@pytest.mark.parametrize("proxy", ["0.0.0.0/0", "::/0", "*", "proxy.bank.example", "10.0.0.1/24"])
def test_a_proxy_is_named_by_address_or_network(proxy: str) -> None:
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(_env_file=None, trusted_proxies=[proxy])
    Settings(_env_file=None, trusted_proxies=["127.0.0.1", "10.0.0.0/24", "fd00::/64"])


CHATWOOT = {
    "desk": "chatwoot",
    "chatwoot_url": "https://chat.bank.example",
    "chatwoot_account_id": 1,
    "chatwoot_inbox_id": 7,
    "chatwoot_token": "t",
    "chatwoot_webhook_secret": "s",
}


@pytest.mark.parametrize("missing", sorted(CHATWOOT.keys() - {"desk"}))
def test_a_desk_outside_needs_everything(missing: str) -> None:
    Settings(_env_file=None, **CHATWOOT)
    with pytest.raises(ValidationError, match="DESK=chatwoot needs"):
        Settings(_env_file=None, **{name: value for name, value in CHATWOOT.items() if name != missing})
