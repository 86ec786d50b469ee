"""What production refuses to start with."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from bot.production import DEVELOPMENT_SECRET, SIMULATED_AES_KEY, SIMULATED_APP_ID
from bot.settings import Settings
from tests.fakes.production import OWN_SECRET, PRODUCTION, production

ACCOUNT = {
    "wechat_app_id": "wx1",
    "wechat_app_secret": OWN_SECRET,
    "wechat_token": "t",
    "wechat_encoding_aes_key": "k" * 43,
    "wechat_public_url": "https://wx.bank.example",
}


def refusal(**others: Any) -> list[str]:
    """The lines with which these settings are refused."""
    with pytest.raises(ValidationError) as refused:
        production(**others)
    (problem,) = refused.value.errors()
    return problem["msg"].removeprefix("Value error, ").splitlines()


def test_it_starts_with_secrets_of_its_own_and_tls(tmp_path: Path) -> None:
    assert production().environment == "production"
    file = tmp_path / "tls.pem"
    file.touch()
    assert production(trusted_proxies=[], tls_cert_file=file, tls_key_file=file).gateway_scheme == "https"


def test_development_needs_none_of_it() -> None:
    assert Settings(_env_file=None).environment == "development"


@pytest.mark.parametrize("name", [n for n, f in Settings.model_fields.items() if "SecretStr" in str(f.annotation)])
def test_no_secret_may_be_the_one_for_development(name: str) -> None:
    is_dict = "dict" in str(Settings.model_fields[name].annotation)
    value = {"k": OWN_SECRET, "old": DEVELOPMENT_SECRET} if is_dict else DEVELOPMENT_SECRET
    given = {**ACCOUNT, name: value}
    assert refusal(**given) == [f"{name.upper()} is the one for development: give this installation its own"]


def test_secrets_that_were_not_given_are_the_ones_for_development() -> None:
    defaults = [
        name
        for name, field in Settings.model_fields.items()
        if any(
            isinstance(s, SecretStr)
            for s in (field.default.values() if isinstance(field.default, dict) else [field.default])
        )
    ]
    assert {"secret_key", "site_token_keys"} <= set(defaults)
    for name in defaults:
        with pytest.raises(ValidationError, match=f"{name.upper()} is the one for development"):
            Settings(_env_file=None, **{key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"), [("wechat_app_id", SIMULATED_APP_ID), ("wechat_encoding_aes_key", SIMULATED_AES_KEY)]
)
def test_the_simulators_account_is_refused(name: str, value: str) -> None:
    assert production().wechat_app_id is None
    assert production(**ACCOUNT).wechat_app_id == "wx1"
    assert refusal(**{**ACCOUNT, name: value}) == [
        f"{name.upper()} is the one for development: give this installation its own"
    ]


def test_codes_are_not_shown_on_the_console() -> None:
    (line,) = refusal(sms="console")
    assert line.startswith("SMS=console")


def test_tls_is_served_by_somebody() -> None:
    (line,) = refusal(trusted_proxies=[])
    assert "TLS_CERT_FILE" in line
    assert "TRUSTED_PROXIES" in line


@pytest.mark.parametrize(
    "name", sorted(n for n in Settings.model_fields if n.endswith("_url") and n not in ("database_url", "redis_url"))
)
def test_what_leaves_this_machine_is_encrypted(name: str) -> None:
    assert refusal(**{name: "http://core.bank.example/v1"}) == [
        f"{name.upper()} must begin with https://, or be on this machine"
    ]
    for harmless in ("https://core.bank.example/v1", "http://127.0.0.1:9000", "http://localhost", "http://[::1]:9000"):
        production(**{name: harmless})


@pytest.mark.parametrize(
    ("url", "is_fit"),
    [
        ("sqlite:///var/zhanggui.db", True),
        ("postgresql://u:p@localhost/z", True),
        ("postgresql://u:p@127.0.0.1/z", True),
        ("postgresql://u@/z", True),
        ("postgresql://u@/z?host=/run/postgresql", True),
        ("postgresql://u:p@db.bank.example/z?sslmode=verify-full&sslrootcert=/etc/ca.pem", True),
        ("postgresql://u:p@db.bank.example/z?sslmode=verify-ca", True),
        ("postgresql://u:p@db.bank.example/z", False),
        ("postgresql://u:p@db.bank.example/z?sslmode=require", False),
        ("postgresql://u:p@/z?host=db.bank.example", False),
        ("postgresql://u:p@/z?host=localhost,db.bank.example", False),
        ("postgresql://u:p@/z?host=localhost&host=db.bank.example", False),
    ],
)
def test_a_database_elsewhere_proves_who_it_is(url: str, is_fit: bool) -> None:
    if is_fit:
        production(database_url=url)
    else:
        assert refusal(database_url=url)[0].startswith("DATABASE_URL reaches another machine")


@pytest.mark.parametrize(
    ("url", "is_fit"),
    [
        ("redis://127.0.0.1", True),
        ("unix:///run/redis.sock", True),
        ("rediss://redis.bank.example", True),
        ("redis://redis.bank.example", False),
    ],
)
def test_a_redis_elsewhere_is_encrypted(url: str, is_fit: bool) -> None:
    if is_fit:
        production(redis_url=url)
    else:
        assert refusal(redis_url=url)[0].startswith("REDIS_URL reaches another machine")


def test_the_widget_is_framed_by_https_pages_only() -> None:
    assert refusal(allowed_origins=["https://www.bank.example", "http://www.bank.example"])
    production(allowed_origins=["https://www.bank.example"])


def test_all_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, environment="production", redis_url="redis://elsewhere", crm="zoho")
    for name in ("SECRET_KEY", "SITE_TOKEN_KEYS", "SMS=console", "TLS_CERT_FILE", "REDIS_URL", "CRM_MAPPING_FILE"):
        assert name in str(refused.value)
